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

  it('lets an axis vary only where its condition holds, and has every other cell once', () => {
    const plan = planOf({
      name: 'x',
      axes: {
        optimizer: ['sgd', 'momentum', 'nesterov'],
        momentum: { values: [0.5, 0.99], when: { optimizer: ['momentum', 'nesterov'] } },
        l2: { log: [1e-3, 1e-2], points: 2, when: { momentum: 0.99 } },
      },
    });
    expect(plan.cells.map(({ values }) => Object.values(values))).toEqual([
      ['sgd'],
      ['momentum', 0.5],
      ['momentum', 0.99, 1e-3],
      ['momentum', 0.99, 1e-2],
      ['nesterov', 0.5],
      ['nesterov', 0.99, 1e-3],
      ['nesterov', 0.99, 1e-2],
    ]);
    expect(plan.cells.map(({ config }) => [config.momentum, config.l2])[0]).toEqual([0.9, 0]);
  });

  it('reads a condition on what all trials share', () => {
    const axes = { momentum: { values: [0.5, 0.9], when: { optimizer: 'nesterov', 'data.source': 'digits' } } };
    expect(planOf({ name: 'x', config: { optimizer: 'nesterov' }, axes }).cells).toHaveLength(2);
    expect(() => planOf({ name: 'x', axes })).toThrow('want a condition that some cell meets');
  });

  it('adds extra cells to the grid, each once, and completes them and the grid by what all share', () => {
    const plan = planOf({
      name: 'x',
      config: { l2: 0.5 },
      axes: { batchNorm: [true, false], l2: [0, 1] },
      cells: [{ l2: 0.1 }, { batchNorm: false }, { epochs: 20, 'data.imageSize': 48 }, { l2: 1 }],
      exclude: [{ l2: 0 }],
    });
    expect(plan.axes).toEqual([
      { key: 'batchNorm', scale: 'boolean', values: [true, false] },
      { key: 'l2', scale: 'log', values: [0, 0.1, 0.5, 1] },
      { key: 'epochs', scale: 'list', values: [10, 20] },
      { key: 'data.imageSize', scale: 'list', values: [32, 48] },
    ]);
    expect(plan.cells.map(({ values }) => Object.values(values))).toEqual([
      [true, 1, 10, 32],
      [false, 1, 10, 32],
      [true, 0.1, 10, 32],
      [false, 0.5, 10, 32],
      [true, 0.5, 20, 48],
    ]);
    expect(plan.cells[4]?.config).toMatchObject({ epochs: 20, data: { imageSize: 48, source: 'digits' } });
  });

  it('runs just the cells of a file that lists nothing else', () => {
    const plan = planOf({ name: 'x', cells: [{ l2: 1e-3 }, { batchNorm: false, l2: 0 }] });
    expect(plan.cells.map(({ values }) => values)).toEqual([
      { l2: 1e-3, batchNorm: true },
      { l2: 0, batchNorm: false },
    ]);
    expect(planOf({ name: 'x', axes: {}, cells: [{ l2: 1e-3 }] }).cells).toHaveLength(2);
  });

  it('leaves a key out of a cell that has no value for it', () => {
    const plan = planOf({ name: 'x', axes: { l2: [0, 1] }, cells: [{ 'data.limit': 64 }] });
    expect(plan.axes[1]).toEqual({ key: 'data.limit', scale: 'list', values: [64] });
    expect(plan.cells.map(({ values }) => values)).toEqual([{ l2: 0 }, { l2: 1 }, { l2: 0, 'data.limit': 64 }]);
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

/** Nine lists of nine aliases each of the list above: 9⁹ values. */
function laughs(): string {
  const names = [...'abcdefghi'];
  const lines = names.map((name, i) => `${name}: &${name} [${Array(9).fill(i === 0 ? 0 : `*${names[i - 1]}`)}]`);
  return `${lines.join('\n')}\n`;
}

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
    ['a wrong type', 'name: x\nconfig:\n  epochs: many\n', 'FILE:3: config.epochs: got "many", want a number'],
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
    [
      'a kind of axis that there is not',
      'name: x\naxes:\n  l2: { lgo: [1, 2], points: 3 }\n',
      'FILE:3: axes.l2.lgo: got the unknown key "lgo", want "log"',
    ],
    [
      'an axis of no kind',
      'name: x\naxes: { l2: { points: 3 } }\n',
      'FILE:2: axes.l2: got {"points":3}, want a list, boolean, or a mapping with values, linear, log, uniform or logUniform',
    ],
    [
      'a sampled axis without a number of samples',
      'name: x\naxes:\n  l2:\n    logUniform: [1e-5, 1]\n',
      'FILE:4: axes.l2.samples: got nothing, want the number of values, 1 or more',
    ],
    [
      'a range that falls',
      'name: x\naxes:\n  l2:\n    uniform: [1, 0]\n    samples: 3\n',
      'FILE:4: axes.l2.uniform: got [1,0], want the smaller number first',
    ],
    [
      'a range without a whole number',
      'name: x\naxes: { batchSize: { uniform: [1.2, 1.8], samples: 3, integer: true } }\n',
      'FILE:2: axes.batchSize: got {"uniform":[1.2,1.8],"samples":3,"seed":0,"integer":true}, want a range that holds a whole number',
    ],
    [
      'sampled values that no trial can have',
      'name: x\naxes:\n  momentum: { uniform: [1, 2], samples: 1 }\n',
      'FILE:3: axes.momentum: got 1.',
    ],
    [
      'a share of zeros in the place of a word',
      'name: x\nsamples:\n  count: 3\n  axes:\n    l2: { logUniform: [1e-5, 1], zero: true }\n',
      'FILE:5: samples.axes.l2.zero: got true, want a number',
    ],
    [
      'a number of samples for one key of several',
      'name: x\nsamples:\n  count: 3\n  axes:\n    l2: { uniform: [0, 1], samples: 3 }\n',
      'FILE:5: samples.axes.l2.samples: got the unknown key "samples", want one of: values, when,',
    ],
    [
      'axes of data nested as in config',
      'name: x\naxes:\n  data: { imageSize: [32, 48], channels: [1, 3] }\n',
      'FILE:3: axes.data: got data with keys in it, want "data.imageSize: [32, 48]" and "data.channels: [1, 3]"',
    ],
    [
      'sampled keys of data nested as in config',
      'name: x\nsamples:\n  count: 3\n  axes:\n    data: { imageSize: [32, 48] }\n',
      'FILE:5: samples.axes.data: got data with keys in it, want "data.imageSize: [32, 48]"',
    ],
    [
      'an unknown key of samples',
      'name: x\nsamples:\n  count: 3\n  sede: 1\n  axes: { l2: [0, 1] }\n',
      'FILE:4: samples.sede: got the unknown key "sede", want "seed"',
    ],
    [
      'a sampled key that nobody knows',
      'name: x\nsamples:\n  count: 3\n  axes:\n    l3: [0, 1]\n',
      'FILE:5: samples.axes: got the unknown key "l3", want "l2"',
    ],
    [
      'a key on the grid and sampled',
      'name: x\naxes:\n  l2: [0, 1]\nsamples: { count: 3, axes: { l2: [0, 1] } }\n',
      'FILE:3: axes.l2: got the key "l2" in samples too, want it in one of them',
    ],
    [
      'a condition on an unknown key',
      'name: x\naxes:\n  l2: { values: [0, 1], when: { batchNrm: true } }\n',
      'FILE:3: axes.l2.when: got the unknown key "batchNrm", want "batchNorm"',
    ],
    [
      'a condition on a value that there cannot be',
      'name: x\naxes:\n  l2:\n    values: [0, 1]\n    when:\n      optimizer: [adam, sdg]\n',
      'FILE:6: axes.l2.when.optimizer: got "sdg", want one of "sgd"',
    ],
    [
      'a condition on a value that the axis has not',
      'name: x\naxes:\n  optimizer: [sgd, adam]\n  l2:\n    values: [0, 1]\n    when: { optimizer: nesterov }\n',
      'FILE:6: axes.l2.when.optimizer: got "nesterov", want a value of the axis: sgd, adam',
    ],
    [
      'a condition on an axis below',
      'name: x\naxes:\n  l2: { values: [0, 1], when: { optimizer: sgd } }\n  optimizer: [sgd, adam]\n',
      'FILE:3: axes.l2.when.optimizer: got the key "optimizer", want a key that is declared above the axis',
    ],
    [
      'a condition that no cell meets',
      'name: x\naxes:\n  l2:\n    values: [0, 1]\n    when: { optimizer: adam }\n',
      'FILE:5: axes.l2.when: got {"optimizer":"adam"}, want a condition that some cell meets',
    ],
    [
      'a wrong value of a conditional axis',
      'name: x\naxes:\n  l2:\n    values:\n      - 0\n      - -1\n    when: { batchNorm: true }\n',
      'FILE:6: axes.l2.values[1]: got -1, want a number ≥ 0',
    ],
    [
      'an extra cell of an unknown key',
      'name: x\ncells:\n  - { epohcs: 3 }\n',
      'FILE:3: cells[0]: got the unknown key "epohcs", want "epochs"',
    ],
    [
      'an extra cell that cannot be',
      'name: x\ncells:\n  - epochs: 3\n    l2: -3\n',
      'FILE:4: cells[0].l2: got -3, want a number ≥ 0',
    ],
    [
      'an extra cell twice',
      'name: x\ncells:\n  - { l2: 1 }\n  - { l2: 1, batchNorm: true }\n',
      'FILE:4: cells[1]: got {"l2":1,"batchNorm":true} and {"l2":1,"batchNorm":true}, which are the same configuration',
    ],
    ['no name', 'seeds: 2\n', 'FILE:1: name: got nothing, want a name of letters'],
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
    ['an empty file', '', 'FILE: got an empty file, want a sweep, with a name and axes; l2bn init writes one'],
    ['a file of comments', '# later\n', 'FILE: got an empty file'],
    ['a key twice', 'name: x\nname: y\n', 'FILE:2:1: got the key name twice, want each key once'],
    ['two documents', 'name: x\n---\nname: y\n', 'FILE:2:1: got a second document (---), want one sweep a file'],
    [
      'an alias of what it stands in',
      'name: x\naxes: &a\n  l2: [0, *a]\n',
      'FILE:3: axes.l2[1]: got an alias of what it stands in, which would never end, want a value',
    ],
    ['an alias of nothing', 'name: x\naxes: { l2: *a }\n', 'FILE: got the alias *a, want an anchor &a above it'],
    ['aliases that fill the memory', laughs(), 'FILE: got aliases of aliases that make it too large, want at most 100'],
    [
      'no number of points',
      'name: x\naxes: { l2: { log: [1, 2] } }\n',
      'axes.l2.points: got nothing, want the number of',
    ],
    ['no value', 'name: x\naxes: { l2: [] }\n', 'FILE:2: axes.l2: got [], want at least one value'],
    [
      'a rung that no trial gets past',
      'name: x\nconfig: { epochs: 4 }\naxes: { epochs: [2, 4] }\npruning:\n  rule: asha\n  minEpochs: 4\n',
      'FILE:6: pruning.minEpochs: got 4, of 4 epochs at most, want a number < 4: nobody is judged at the last epoch',
    ],
    [
      'a warm-up to the end',
      'name: x\nconfig: { epochs: 4 }\npruning: { rule: median, warmupEpochs: 9 }\n',
      'FILE:3: pruning.warmupEpochs: got 9, of 4 epochs at most, want a number < 4',
    ],
    [
      'a rule for trials of one epoch',
      'name: x\nconfig: { epochs: 1 }\npruning: { rule: median }\n',
      'FILE:3: pruning: got a rule for trials of 1 epoch, want no pruning, or more epochs',
    ],
    ['an empty condition', 'name: x\nexclude: [{}]\n', 'FILE:2: exclude[0]: got {}, want at least one key'],
    [
      'an axis of two kinds',
      'name: x\naxes: { l2: { log: [1, 2], linear: [1, 2], points: 3 } }\n',
      'FILE:2: axes.l2.log: got "log" beside "linear", want one of them',
    ],
    [
      'a key of another kind of axis',
      'name: x\naxes: { l2: { uniform: [0, 1], samples: 3, zero: true } }\n',
      'FILE:2: axes.l2.zero: got "zero" beside "uniform", want it with log or logUniform only',
    ],
  ])('refuses %s, with line and path', async (_, content, message) => {
    expect(await errorOf(content)).toContain(message);
  });

  it('takes a pruning rule that one cell can meet', async () => {
    const path = join(temporaryFolder(), 'sweep.yaml');
    writeFileSync(path, 'name: x\naxes: { epochs: [2, 5] }\npruning: { rule: asha, minEpochs: 4 }\n');
    expect((await loadSweep(path)).sweep.pruning).toMatchObject({ rule: 'asha', minEpochs: 4 });
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
