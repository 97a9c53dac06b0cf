import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { loadSweep } from '../../plan/build-plan.ts';
import { readSource, recordSource } from '../target/sweep-source.ts';
import { repeatCommand } from './repeat-command.ts';

const SWEEP = `
name: ${'long'.repeat(14)}
config: { optimizer: momentum }
axes:
  batchNorm: [true, false]
  l2: { log: [1e-7, 1e-2], points: 4, zero: true }
  model: [smallConvNet, "./a net's, no. 1.mjs"]
  data.imageSize: [16, 32]
seeds: 3
exclude: [{ batchNorm: false, l2: 0 }]
`;

const SAMPLED = `
name: sampled
axes: { optimizer: [sgd, momentum], momentum: { values: [0.5, 0.9], when: { optimizer: momentum } } }
samples: { count: 4, axes: { l2: { logUniform: [1e-6, 1e-2], zero: 0.3 }, learningRate: { uniform: [0.1, 0.3] } } }
cells: [{ batchNorm: false, l2: 5e-3 }, { epochs: 20, optimizer: momentum }]
`;
const CELLS =
  'name: cells\ncells: [{ batchNorm: false, l2: 5e-3 }, { l2: 1e-3 }, { epochs: 20, data.imageSize: 48 }]\n';

/** The words of a command line as a shell reads them. */
const words = (command: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');

describe('repeatCommand', () => {
  it.each([
    ['a grid', SWEEP, ['epochs=3', 'l2=0,1e-7', 'seeds=5']],
    ['samples, conditions and extra cells', SAMPLED, []],
    ['a list of cells', CELLS, ['seeds=2']],
  ])(
    'runs just the one trial of %s: the same id, from the same file and the overrides of the time',
    async (...args) => {
      const [, sweep, overrides] = args;
      const folder = temporaryFolder();
      const file = join(folder, 'my sweep.yaml');
      writeFileSync(file, sweep);
      const { plan } = await loadSweep(file, overrides);
      await recordSource(folder, file, overrides);
      for (const trial of plan.trials) {
        const [l2bn, run, path, ...rest] = words(repeatCommand(plan, trial, readSource(folder)));
        expect([l2bn, run]).toEqual(['l2bn', 'run']);
        const repeated = await loadSweep(path!, rest);
        expect(repeated.plan.trials.map(({ id }) => id)).toEqual([trial.id]);
        expect(repeated.plan.name).not.toBe(plan.name);
      }
    },
  );

  it('leaves the file to the user where nobody knows it', async () => {
    const file = join(temporaryFolder(), 'sweep.yaml');
    writeFileSync(file, 'name: x\naxes: { l2: [0, 1] }\n');
    const { plan } = await loadSweep(file);
    expect(repeatCommand(plan, plan.trials[1]!, undefined)).toMatch(
      /^l2bn run <sweep file> l2=1 seeds=1, name=x-[0-9a-f]{8}-s1$/,
    );
  });
});
