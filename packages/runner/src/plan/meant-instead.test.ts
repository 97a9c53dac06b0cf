import { expect, it } from 'vitest';
import { buildPlan } from './build-plan.ts';
import { parseWith } from './explain-issues.ts';
import { applyOverrides } from './overrides.ts';
import type { SourceText } from './source-text.ts';
import { SweepFileSchema } from './sweep-file.ts';

/** What is said of a sweep with these keys and words. */
function refusal(keys: object, ...words: string[]): string {
  const given: SourceText = { file: 's.yaml', value: { name: 'x', ...keys }, locate: () => 's.yaml:2' };
  try {
    const source = applyOverrides(given, words);
    buildPlan(parseWith(SweepFileSchema, source), source);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}
const l2 = [0, 1e-3];

it.each<[object, string]>([
  [{ pruning: 'asha' }, 'pruning: got "asha", want { rule: asha }'],
  [{ pruning: 'Medain' }, 'pruning: got "Medain", want { rule: median }'],
  [{ pruning: ['asha'] }, 'pruning: got ["asha"], want { rule: asha }'],
  [{ pruning: true }, 'pruning: got true, want { rule: median } or { rule: asha }'],
  [{ pruning: null }, 'pruning: got null, want it left out: without it, there is none'],
  [{ pruning: false }, 'pruning: got false, want it left out: without it, there is none'],
  [{ pruning: { rul: 'asha' } }, 'pruning.rul: got the unknown key "rul", want "rule"'],
  [{ pruning: { asha: { minEpochs: 2 } } }, 'pruning.asha: got the unknown key "asha", want "rule: asha"'],
  [{ pruning: { rule: 'asha', within: 'l2' } }, 'pruning.within: got "l2", want a list: [l2]'],
  [{ config: { data: 'digits' } }, 'config.data: got "digits", want a mapping: { source: digits }'],
  [{ config: { data: ['digit'] } }, 'config.data: got ["digit"], want a mapping: { source: digits }'],
  [{ config: { data: './a b' } }, 'config.data: got "./a b", want a mapping: { source: folder, path: "./a b" }'],
  [{ config: { data: 'img' } }, 'config.data: got "img", want a mapping: { source: folder, path: img }'],
  [{ config: { data: 'x' } }, 'config.data: got "x", want a mapping: { source: folder, path: x }'],
  [{ config: { data: 'idx3' } }, 'config.data: got "idx3", want a mapping: { source: idx }'],
  [{ config: { data: 'Ix' } }, 'config.data: got "Ix", want a mapping: { source: idx }'],
  [{ config: { data: 'digi' } }, 'config.data: got "digi", want a mapping: { source: folder, path: digi }'],
  [{ config: { data: 'cifra10' } }, 'config.data: got "cifra10", want a mapping: { source: cifar10 }'],
])('says what to write for %j', (keys, message) => {
  expect(refusal({ axes: { l2 }, ...keys })).toContain(`s.yaml:2: ${message}`);
});

it.each<[unknown, string]>([
  [['digits'], 'axes.data: got data as one axis, want "data.source: [digits]"'],
  [['digits', './photos'], 'want "data.source: [digits, folder]" and "data.path: [./photos]"'],
  ['digits', 'axes.data: got "digits", want "data.source: [digits]"'],
  [{ source: 'digits' }, 'axes.data: got data with keys in it, want "data.source: [digits]"'],
  [[{ imageSize: 16 }, { imageSize: 32 }], 'want "data.imageSize: [16, 32]"'],
  [{ imageSize: { linear: [16, 32], points: 2 } }, 'want "data.imageSize: { linear: [16, 32], points: 2 }"'],
])('says which axes are meant by data as an axis: %j', (data, message) => {
  expect(refusal({ axes: { data } })).toContain(message);
});

const DATA_KEYS = /: got data as one axis, want one of its keys: data\.source, data\.path, data\.imageSize, /;

it.each([
  [[1, 2]],
  [[true, false]],
  ['boolean'],
  [{ values: [3] }],
  [{ log: [1, 2], points: 2 }],
  [{ log: [1, 2] }],
  [{ uniform: [1, 2], samples: 2 }],
  [{ foo: 1 }],
  [5],
  [null],
  [[[1]]],
])('says which axes there are, where data as an axis tells of none: %j', (data) => {
  expect(refusal({ axes: { data } })).toMatch(DATA_KEYS);
});

it.each([[{ uniform: [1, 2] }], [[1, 2]], ['boolean'], [5]])('says so of samples, too: %j', (data) => {
  expect(refusal({ samples: { count: 2, axes: { data } } })).toMatch(DATA_KEYS);
});

it.each<[object, string]>([
  [{ axes: { l2: 0.1 } }, 'axes.l2: got 0.1, want a list, such as [0.1], boolean, or a mapping'],
  [{ axes: { batchNorm: 'bool' } }, 'axes.batchNorm: got "bool", want boolean'],
  [{ axes: { l2, seeds: [1, 2] } }, 'axes: got the unknown key "seeds", want it at the top: it is no axis'],
  [
    { axes: { batchNorm: 'boolean', l2: { values: l2, when: 'batchNorm' } } },
    'axes.l2.when: got "batchNorm", want a mapping, such as { batchNorm: true }',
  ],
  [{ axes: { l2 }, exclude: { l2: 0 } }, 'exclude: got {"l2":0}, want a list of it: [{ l2: 0 }]'],
  [{ axes: { l2 }, cells: { epochs: 3 } }, 'cells: got {"epochs":3}, want a list of it: [{ epochs: 3 }]'],
  [
    { axes: { l2 }, cells: [{ data: 'digits' }] },
    'cells[0].data: got the key "data", want one of its own, such as "data.source: digits"',
  ],
])('says how axes, conditions and cells are written: %j', (keys, message) => {
  expect(refusal(keys)).toContain(message);
});

it.each([
  ['pruning=asha', 'command line: pruning: got "asha", want pruning.rule=asha'],
  ['data=digits', 'command line: got the unknown key "data", want data.source=digits'],
  ['data=img', 'command line: got the unknown key "data", want data.source=folder data.path=img'],
  ['data=./photos', 'command line: got the unknown key "data", want data.source=folder data.path=./photos'],
  ['pruning.rul=asha', 'command line: pruning.rul: got the unknown key "rul", want "rule"'],
])('says which words are meant by %s', (word, message) => {
  expect(refusal({ axes: { l2 } }, word)).toContain(message);
});
