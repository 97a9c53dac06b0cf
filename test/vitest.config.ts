import { defineConfig } from 'vitest/config';

/** Ask the command line, and race with nothing. */
const QUESTIONS = [
  'cli/earlier-results.test.ts',
  'cli/examples.test.ts',
  'cli/mended-model.test.ts',
  'cli/narrow-terminal.test.ts',
  'cli/plan.test.ts',
  'cli/prepare.test.ts',
  'cli/refused.test.ts',
  'cli/results.test.ts',
  'sweep/pruning.test.ts',
];

const shared = { environment: 'node', pool: 'forks', testTimeout: 300_000, hookTimeout: 120_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'questions',
          include: QUESTIONS,
          // Most of the time of each is that of a process that starts.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'sweeps',
          include: ['**/*.test.ts'],
          exclude: ['node_modules/**', ...QUESTIONS],
          // Each runs whole sweeps on all cores, in which something has to happen at its moment.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
