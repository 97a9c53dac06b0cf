import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { planOf } from '../fixtures/plans.ts';
import { loadSweep } from './build-plan.ts';

/** Writes a sweep file and returns its path and the error that loading it gives, with the path as `FILE`. */
async function errorOf(content: string, name = 'sweep.yaml'): Promise<string> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  const error = await loadSweep(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  const shown = relative(process.cwd(), path);
  return (error as InputError).message.replaceAll(shown, 'FILE').replaceAll(path, 'FILE');
}

describe('buildPlan', () => {
  it('crosses the axes, the last one fastest, and multiplies by seeds', () => {
    const plan = planOf({ name: 'x', axes: { batchNorm: 'boolean', l2: [0, 1e-3] }, seeds: 2 });
    expect(plan.cells.map(({ values }) => values)).toEqual([
      { batchNorm: true, l2: 0 },
      { batchNorm: true, l2: 1e-3 },
      { batchNorm: false, l2: 0 },
      { batchNorm: false, l2: 1e-3 },
    ]);
    expect(plan.trials.map(({ seed }) => seed)).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
    expect(plan.trials.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(plan.trials.map(({ id }) => id)).size).toBe(8);
  });

  it('gives a log axis its exact 0 and round values', () => {
    const [axis] = planOf({ name: 'x', axes: { l2: { log: [1e-5, 1e-2], points: 4, zero: true } } }).axes;
    expect(axis).toEqual({ key: 'l2', scale: 'log', values: [0, 1e-5, 1e-4, 1e-3, 1e-2] });
  });

  it('spaces a linear axis evenly, ends included', () => {
    const [axis] = planOf({ name: 'x', axes: { learningRate: { linear: [0.1, 0.5], points: 5 } } }).axes;
    expect(axis).toEqual({ key: 'learningRate', scale: 'linear', values: [0.1, 0.2, 0.3, 0.4, 0.5] });
  });

  it('leaves excluded combinations out', () => {
    const plan = planOf({
      name: 'x',
      axes: { batchNorm: [true, false], l2: [0, 1e-3, 1e-2] },
      exclude: [{ batchNorm: false, l2: 1e-2 }, { l2: 0 }],
    });
    expect(plan.cells.map(({ values }) => Object.values(values))).toEqual([
      [true, 1e-3],
      [true, 1e-2],
      [false, 1e-3],
    ]);
  });

  it('sets dotted keys below data', () => {
    const plan = planOf({ name: 'x', axes: { 'data.imageSize': [32, 48] } });
    expect(plan.cells.map(({ config }) => config.data.imageSize)).toEqual([32, 48]);
  });

  it('names a cell by its content: defaults written out or left out are the same cell', () => {
    const [short] = planOf({ name: 'x', config: { l2: 0.001 } }).cells;
    const [long] = planOf({ name: 'y', config: { l2: 0.001, alpha: 1, data: { source: 'digits' } } }).cells;
    const [other] = planOf({ name: 'x', config: { l2: 0.002 } }).cells;
    expect(long?.id).toBe(short?.id);
    expect(other?.id).not.toBe(short?.id);
  });

  it('has another hash when a value, a seed or a default changes, and not when the name does', () => {
    const hash = planOf({ name: 'x', seeds: [1] }).hash;
    expect(planOf({ name: 'y', seeds: [1] }).hash).toBe(hash);
    expect(planOf({ name: 'x', seeds: [2] }).hash).not.toBe(hash);
    expect(planOf({ name: 'x', config: { epochs: 3 }, seeds: [1] }).hash).not.toBe(hash);
  });
});

describe('loadSweep', () => {
  it.each([
    [
      'an unknown key',
      'name: x\nconfig:\n  alpah: 1\n',
      'FILE:3: config.alpah: got the unknown key "alpah", want "alpha"',
    ],
    ['λ below zero', 'name: x\nconfig: { l2: -1 }\n', 'FILE:2: config.l2: got -1, want a number ≥ 0'],
    [
      'λ below zero on an axis',
      'name: x\naxes:\n  l2:\n    - 0\n    - -1\n',
      'FILE:5: axes.l2[1]: got -1, want a number ≥ 0',
    ],
    ['a wrong type', 'name: x\nconfig:\n  epochs: many\n', 'FILE:3: config.epochs: got "many", want number'],
    ['a wrong axis', 'name: x\naxes: { l3: [1, 2] }\n', 'FILE:2: axes: got the unknown key "l3", want "l2"'],
    [
      'log from 0',
      'name: x\naxes: { l2: { log: [0, 1], points: 3 } }\n',
      'FILE:2: axes.l2.log[0]: got 0, want a number > 0',
    ],
    [
      'a value twice',
      'name: x\naxes: { l2: [0, 1, 0] }\n',
      'FILE:2: axes.l2[2]: got 0 a second time, want each value once',
    ],
    ['a seed twice', 'name: x\nseeds: [1, 1]\n', 'FILE:2: seeds[1]: got 1 a second time, want each value once'],
    [
      'an exclusion that cannot match',
      'name: x\naxes: { l2: [0, 1] }\nexclude:\n  - { l2: 2 }\n',
      'FILE:4: exclude[0].l2: got 2, want a value of the axis: 0, 1',
    ],
    [
      'nothing left',
      'name: x\naxes: { l2: [0] }\nexclude: [{ l2: 0 }]\n',
      'FILE:3: exclude: got no cell left, want at least one',
    ],
    ['no name', 'seeds: 2\n', 'FILE:1: name: got nothing, want "name"'],
    [
      'more seeds than any machine trains',
      'name: x\naxes: { batchNorm: boolean }\nseeds: 1000000000\n',
      'FILE:3: seeds: got batchNorm 2 × seeds 1000000000, 2000000000 trials, want at most 100000 trials',
    ],
    [
      'more points than any machine trains',
      'name: x\naxes: { l2: { log: [1e-5, 1], points: 1000000000, zero: true } }\n',
      'FILE:2: axes.l2: got l2 1000000001 × seeds 1, 1000000001 trials, want at most 100000 trials',
    ],
    ['an empty file', '', 'FILE: got null, want a mapping'],
    ['a key twice', 'name: x\nname: y\n', 'FILE:2: got Map keys must be unique, want valid YAML or JSON'],
  ])('refuses %s, with line and path', async (_, content, message) => {
    expect(await errorOf(content)).toBe(message);
  });

  it('reports every problem of a file at once', async () => {
    const message = await errorOf('name: a b\nconfig:\n  epochs: 0\n  optimizer: sdg\nseeds: -1\n');
    expect(message.split('\n')).toHaveLength(4);
  });

  it('reads JSON with lines too', async () => {
    expect(await errorOf('{\n  "name": "x",\n  "seeds": "a"\n}', 'sweep.json')).toContain('FILE:3: seeds: got "a"');
  });

  it('reads TypeScript on every Node', async () => {
    const path = join(temporaryFolder(), 'sweep.ts');
    writeFileSync(path, "const l2: number[] = [0, 1e-4];\nexport default { name: 'typed', axes: { l2 } };\n");
    const { plan } = await loadSweep(path);
    expect(plan.cells.map(({ config }) => config.l2)).toEqual([0, 1e-4]);
  });

  it('refuses a file that is not there, or of another kind', async () => {
    await expect(loadSweep('nowhere.yaml')).rejects.toThrow(
      'nowhere.yaml: got no such file, want a readable sweep file',
    );
    await expect(loadSweep('sweep.txt')).rejects.toThrow('got a .txt file');
  });
});
