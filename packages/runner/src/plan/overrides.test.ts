import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { loadSweep } from './build-plan.ts';
import { applyOverrides } from './overrides.ts';
import type { SourceText } from './source-text.ts';

const sourceOf = (value: unknown): SourceText => ({ file: 'x.yaml', value, locate: (path) => `x.yaml ${path}` });
const after = (value: unknown, ...overrides: string[]) => applyOverrides(sourceOf(value), overrides).value;

function load(content: string, ...overrides: string[]) {
  const path = join(temporaryFolder(), 'sweep.yaml');
  writeFileSync(path, content);
  return loadSweep(path, overrides);
}

describe('applyOverrides', () => {
  it('sets what all trials share, dotted keys below data', () => {
    expect(after({ name: 'x', config: { l2: 0, data: { limit: 4 } } }, 'l2=1e-4', 'data.imageSize=48')).toEqual({
      name: 'x',
      config: { l2: 1e-4, data: { limit: 4, imageSize: 48 } },
    });
    expect(after({ name: 'x' }, 'batchNorm=false', 'model=./my net.mjs')).toEqual({
      name: 'x',
      config: { batchNorm: false, model: './my net.mjs' },
    });
  });

  it.each([
    ['l2=0,1e-4', [0, 1e-4]],
    ['l2=1e-4,', [1e-4]],
    ['l2=[1e-4]', [1e-4]],
    ['optimizer=sgd, adam', ['sgd', 'adam']],
    ["model='./a,b.mjs',smallConvNet", ['./a,b.mjs', 'smallConvNet']],
    ['l2={log: [1e-5, 1e-2], points: 4, zero: true}', { log: [1e-5, 1e-2], points: 4, zero: true }],
    ['batchNorm=boolean', 'boolean'],
  ])('makes an axis of %s', (word, axis) => {
    const key = word.split('=')[0]!;
    expect(after({ name: 'x' }, word)).toEqual({ name: 'x', axes: { [key]: axis } });
  });

  it.each(['l2=*a', 'l2=&a [0, *a]'])('refuses the aliases of %s', (word) => {
    expect(() => after({ name: 'x' }, word)).toThrow(`command line: got "${word}", want values without aliases`);
  });

  it('lets a pruning rule go that its epochs leave without an object', async () => {
    const content = 'name: x\nconfig: { epochs: 9 }\npruning: { rule: asha, minEpochs: 3 }\n';
    expect((await load(content, 'epochs=1')).plan.cells[0]!.config.epochs).toBe(1);
    await expect(load(content, 'epochs=1', 'pruning={rule: median}')).rejects.toThrow(
      'command line: pruning: got a rule for trials of 1 epoch',
    );
    await expect(load(content, 'pruning.minEpochs=9')).rejects.toThrow('pruning.minEpochs: got 9, of 9 epochs');
  });

  it('replaces an axis in its place, and adds a new one last', () => {
    const axes = { l2: [0, 1], batchNorm: [true, false] };
    const value = after({ name: 'x', axes }, 'l2=2,3', 'data.imageSize=16,32') as { axes: object };
    expect(Object.entries(value.axes)).toEqual([
      ['l2', [2, 3]],
      ['batchNorm', [true, false]],
      ['data.imageSize', [16, 32]],
    ]);
  });

  it('ends an axis that is given one value', () => {
    expect(after({ name: 'x', axes: { l2: [0, 1], alpha: [1, 2] } }, 'l2=1e-3')).toEqual({
      name: 'x',
      config: { l2: 1e-3 },
      axes: { alpha: [1, 2] },
    });
  });

  it("sets the sweep file's own keys", () => {
    expect(after({ name: 'x', seeds: 2 }, 'name=y', 'seeds=4,5', 'workers=auto', 'retries=0')).toEqual({
      name: 'y',
      seeds: [4, 5],
      workers: 'auto',
      retries: 0,
    });
  });

  it('leaves its argument as it is', () => {
    const value = { name: 'x', config: { data: { limit: 4 } }, axes: { l2: [0, 1] }, exclude: [{ l2: 1 }] };
    const copy = structuredClone(value);
    after(value, 'l2=2,3', 'data.limit=8', 'name=y');
    expect(value).toEqual(copy);
  });

  it('keeps of the exclusions what still says something', () => {
    const value = {
      name: 'x',
      axes: { batchNorm: [true, false], l2: [0, 1] },
      exclude: [{ batchNorm: false, l2: 1 }, { l2: 0 }],
    };
    expect(after(value, 'l2=1')).toMatchObject({ exclude: [{ batchNorm: false }] });
    expect(after(value, 'l2=1,2')).toMatchObject({ exclude: [{ batchNorm: false, l2: 1 }] });
    expect(after(value, 'l2=5,6')).toMatchObject({ exclude: [] });
    expect(() => after(value, 'l2=0')).toThrow(
      'command line: l2: got 0, which the sweep file excludes, want another value',
    );
  });

  it('drops extra cells that it contradicts, and keeps the others', () => {
    const value = { name: 'x', axes: { l2: [0, 1] }, cells: [{ l2: 5 }, { epochs: 3 }, { l2: 1, epochs: 3 }] };
    expect(after(value, 'l2=1')).toMatchObject({ axes: {}, cells: [{ epochs: 3 }, { l2: 1, epochs: 3 }] });
    expect(after(value, 'l2=5,6')).toMatchObject({ cells: [{ l2: 5 }, { epochs: 3 }] });
    expect(after(value, 'epochs=4')).toMatchObject({ cells: [{ l2: 5 }] });
  });

  it('ends an axis whose condition can no longer hold', () => {
    const momentum = { values: [0.5, 0.9], when: { optimizer: ['momentum', 'nesterov'], batchNorm: true } };
    const value = { name: 'x', axes: { optimizer: ['sgd', 'momentum', 'nesterov'], momentum } };
    const axesAfter = (...words: string[]) => (after(value, ...words) as { axes: Record<string, unknown> }).axes;
    expect(axesAfter('optimizer=sgd')).toEqual({});
    expect(axesAfter('optimizer=sgd,adam')).toEqual({ optimizer: ['sgd', 'adam'] });
    expect(axesAfter('optimizer=nesterov')).toEqual({
      momentum: { values: [0.5, 0.9], when: { optimizer: ['nesterov'], batchNorm: true } },
    });
    expect(axesAfter('batchNorm=false')).toEqual({ optimizer: ['sgd', 'momentum', 'nesterov'] });
  });

  it('puts a new axis above those whose conditions speak of it', async () => {
    const file =
      'name: x\nconfig: { optimizer: momentum }\naxes: { momentum: { values: [0.5, 0.9], when: { optimizer: momentum } } }\n';
    const { plan } = await load(file, 'optimizer=sgd,momentum');
    expect(plan.cells.map(({ values }) => Object.values(values))).toEqual([
      ['sgd'],
      ['momentum', 0.5],
      ['momentum', 0.9],
    ]);
  });

  it('samples no key any more that is set or made an axis', () => {
    const axes = { l2: { logUniform: [1e-5, 1] }, learningRate: { uniform: [0.1, 1] } };
    const value = { name: 'x', samples: { count: 4, axes } };
    expect(after(value, 'l2=1e-3')).toEqual({
      name: 'x',
      config: { l2: 1e-3 },
      samples: { count: 4, axes: { learningRate: axes.learningRate } },
    });
    expect(after(value, 'l2=0,1', 'learningRate=0.5')).toEqual({
      name: 'x',
      config: { learningRate: 0.5 },
      axes: { l2: [0, 1] },
    });
    expect(after(value, 'samples.count=8')).toEqual({ name: 'x', samples: { count: 8, axes } });
  });

  it.each([
    [['l2'], 'command line: got "l2", want key=value, such as l2=0,1e-4 or batchNorm=true'],
    [['=1'], 'command line: got "=1", want key=value, such as l2=0,1e-4 or batchNorm=true'],
    [['l2='], 'command line: got nothing for "l2", want l2=value'],
    [['l2=0,,1'], 'command line: got "l2=0,,1", want a YAML value, or several with commas between'],
    [['l2=[0'], 'command line: got "l2=[0", want a YAML value, or several with commas between'],
    [['l3=1'], 'command line: got the unknown key "l3", want "l2"'],
    [['wrokers=2'], 'command line: got the unknown key "wrokers", want "workers"'],
    [['config.l2=1'], 'command line: got the unknown key "config.l2", want "l2"'],
    [['data=digits'], 'command line: got the unknown key "data", want data.source=digits'],
    [['l2=1', 'l2=2'], 'command line: got "l2" a second time, want each key once'],
    [
      ['l3=1', 'alpah=1'],
      'command line: got the unknown key "l3", want "l2"\ncommand line: got the unknown key "alpah"',
    ],
  ])('refuses %j', (words, message) => {
    expect(() => after({ name: 'x' }, ...words)).toThrow(message);
  });
});

describe('loadSweep with overrides', () => {
  it('plans what the command line says', async () => {
    const { sweep, plan } = await load(
      'name: x\naxes: { l2: [0, 1] }\n',
      'l2=0,1e-4',
      'batchNorm=true,false',
      'seeds=2',
    );
    expect(plan.cells.map(({ values }) => values)).toEqual([
      { l2: 0, batchNorm: true },
      { l2: 0, batchNorm: false },
      { l2: 1e-4, batchNorm: true },
      { l2: 1e-4, batchNorm: false },
    ]);
    expect([sweep.seeds, plan.trials.length]).toEqual([2, 8]);
  });

  it.each([
    ['l2=-1', 'command line: config.l2: got -1, want a number ≥ 0'],
    ['l2=0,-1', 'command line: axes.l2[1]: got -1, want a number ≥ 0'],
    ['l2=0,0', 'command line: axes.l2[1]: got 0 a second time, want each value once'],
    ['data.imageSiez=8', 'command line: config.data.imageSiez: got the unknown key "imageSiez", want "imageSize"'],
    ['seeds=none', 'command line: seeds: got "none"'],
  ])('names the command line where the value of %s is wrong', async (word, message) => {
    await expect(load('name: x\n', word)).rejects.toThrow(message);
  });

  it('still names the line of what the file has wrong', async () => {
    await expect(load('name: x\nconfig: { epochs: 0 }\n', 'l2=0')).rejects.toThrow(
      /sweep\.yaml:2: config\.epochs: got 0/,
    );
  });
});
