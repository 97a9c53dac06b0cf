import { describe, expect, it } from 'vitest';
import { planOf } from '../fixtures/plans.ts';
import { idleKeys } from './idle-keys.ts';

describe('idleKeys', () => {
  it.each([
    ['nothing that varies', { model: 'smallConvNet' }, undefined],
    ['a momentum that is used', { optimizer: 'nesterov' }, { momentum: [0.5, 0.9] }],
    ['the stride of any model', { model: 'smallConvNet' }, { stemStride: [1, 2] }],
    ['the width of a model of the user', { model: './net.mjs' }, { alpha: [0.5, 1] }],
    [
      'a momentum only where it is used',
      {},
      { optimizer: ['sgd', 'momentum'], momentum: { values: [0.5, 0.8], when: { optimizer: 'momentum' } } },
    ],
  ] as const)('says nothing of %s', (_, config, axes) => {
    const sweep = { name: 'x', config, ...(axes === undefined ? {} : { axes }) };
    expect(idleKeys(planOf(sweep as never))).toEqual([]);
  });

  it('names a key that is never looked at', () => {
    const axes = { momentum: [0.5, 0.9], alpha: [1, 2], l2: [0, 1] };
    expect(idleKeys(planOf({ name: 'x', config: { model: 'smallConvNet' }, axes }))).toEqual([
      'momentum has no effect with optimizer sgd: 6 cells train as others do; leave the axis out',
      'alpha has no effect with model smallConvNet: 6 cells train as others do; leave the axis out',
    ]);
  });

  it('names a key that is not looked at everywhere, with the condition to hold it to', () => {
    const axes = { optimizer: ['sgd', 'momentum', 'sgdw', 'adam'], momentum: [0.5, 0.9] };
    expect(idleKeys(planOf({ name: 'x', axes } as never))).toEqual([
      'momentum has no effect with optimizer sgd, adam: 2 cells train as others do; its axis can have when: { optimizer: [momentum, sgdw] }',
    ]);
    const bn = { batchNorm: [true, false], batchNormEpsilon: [1e-3, 1e-2] };
    expect(idleKeys(planOf({ name: 'x', axes: bn }))).toEqual([
      'batchNormEpsilon has no effect with batchNorm false: 1 cell trains as another does; its axis can have when: { batchNorm: true }',
    ]);
  });

  it('sees points of several keys that differ only where it does not matter', () => {
    const samples = { count: 4, axes: { alpha: { uniform: [0.5, 2] }, momentum: { uniform: [0, 0.9] } } };
    expect(idleKeys(planOf({ name: 'x', config: { model: 'smallConvNet' }, samples } as never))).toEqual([
      expect.stringContaining('momentum has no effect with optimizer sgd: 3 cells'),
      expect.stringContaining('alpha has no effect with model smallConvNet: 3 cells'),
    ]);
  });
});
