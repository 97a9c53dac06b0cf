import type { TestProjectInlineConfiguration } from 'vitest/config';

/** Pure TypeScript: no native library, quick. */
export const unitTests: TestProjectInlineConfiguration = {
  test: {
    name: 'unit',
    // Projects with different numbers of workers run one after the other, the quick one first.
    sequence: { groupOrder: 1 },
    environment: 'node',
    include: ['src/**/*.test.ts', 'setup/**/*.test.ts'],
    exclude: ['src/**/*.native.test.ts'],
  },
};

/**
 * Tests that load libtensorflow (`*.native.test.ts`). Forks, because a native crash takes its process with it; two at a
 * time, because each holds 400 MB. The thread settings are those of an engine host.
 */
export const nativeTests: TestProjectInlineConfiguration = {
  test: {
    name: 'native',
    sequence: { groupOrder: 2 },
    environment: 'node',
    include: ['src/**/*.native.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '-1', TF_CPP_MIN_LOG_LEVEL: '2' },
  },
};
