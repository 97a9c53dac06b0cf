import { describe, expect, it } from 'vitest';
import { coincidingCurves, labelled } from './coincidence.ts';

const range = { low: 0, high: 1, log: false, height: 200 };

describe('coincidingCurves', () => {
  it('finds curves within a line of each other at every common point', () => {
    const ys = [
      [0.1, 0.1, 0.1, 0.1],
      [0.1, 0.5, 0.9, 0.95],
      [0.1, 0.103, 0.1, 0.1],
      [0.1, undefined, 0.9, 0.951],
      [0.1, 0.1, 0.1, null],
    ];
    expect(coincidingCurves(ys, range)).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
  });

  it('does not take a common start for more than that, nor an empty curve for anything', () => {
    expect(
      coincidingCurves(
        [
          [0.1, 0.2, null],
          [0.1, 0.2, null],
          [null, null, null],
          [null, null, null],
          [0.1, 0.2, 0.4],
        ],
        range,
      ),
    ).toEqual([]);
  });

  it('measures on a logarithmic axis what is seen there', () => {
    const ys = [
      [1e-3, 1e-3, 1e-3],
      [1.01e-3, 1.01e-3, 1.01e-3],
      [2e-3, 2e-3, 2e-3],
    ];
    expect(coincidingCurves(ys, { low: 1e-4, high: 1, log: true, height: 200 })).toEqual([[0, 1]]);
    expect(coincidingCurves(ys, range)).toEqual([[0, 1, 2]]);
  });

  it('labels groups in which a colour cannot be seen', () => {
    const looks = ['red', 'red', 'red', 'blue', 'green', 'red'];
    const groups = [
      [0, 1, 2],
      [2, 3, 4],
      [4, 5],
    ];
    expect(labelled(groups, (curve) => looks[curve]!)).toEqual([[2, 3, 4]]);
  });
});
