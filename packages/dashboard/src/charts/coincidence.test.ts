import { describe, expect, it } from 'vitest';
import { coincidingCurves, notable } from './coincidence.ts';
import type { Value } from './decimate.ts';

const range = { low: 0, high: 1, log: false, height: 200 };
const groupsOf = (ys: Value[][], of = range) =>
  coincidingCurves(
    ys[0]!.map((_, i) => 10 * i),
    ys,
    of,
  );

describe('coincidingCurves', () => {
  it('finds curves that have the same values at every point', () => {
    const ys = [
      [0.1, 0.1, 0.1, 0.1],
      [0.1, 0.5, 0.9, 0.95],
      [0.1, 0.1003, 0.1, 0.1],
      [0.1, 0.501, 0.9, 0.951],
      [0.1, 0.1, 0.1, null],
    ];
    expect(groupsOf(ys)).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
  });

  it('keeps accuracies apart that can be told apart', () => {
    const toward = (end: number) => [0.1, 0.1 + 0.5 * (end - 0.1), end, end];
    expect(groupsOf([toward(0.777), toward(0.802), toward(0.822)])).toEqual([]);
    // Half a pixel, but a tenth of all that chance leaves to differ in.
    expect(
      groupsOf([
        [0.1, 0.1, 0.1],
        [0.1, 0.103, 0.103],
      ]),
    ).toEqual([]);
  });

  it('does not call curves one because another blew up the scale', () => {
    const ys = [
      [2.3, 1.2, 0.7, 0.5],
      [2.3, 1.4, 1.1, 0.9],
      [2.3, 2.1, 1.9, 1.7],
      [2.3, 90, 4e4, 1e9],
    ];
    expect(groupsOf(ys, { ...range, high: 1e9 })).toEqual([]);
  });

  it('compares curves of other epochs along their lines, not only where they meet', () => {
    const u = undefined;
    const ys = [
      [0.1, u, 0.5, u, 0.9, u, 0.9],
      [0.1, 0.3, u, 0.7, u, u, 0.9],
      [0.1, 0.5, 0.5, u, 0.9, u, 0.9],
      [0.1, u, u, u, u, u, 0.9],
    ];
    // The second leaves the first where that goes on level and it does not.
    expect(groupsOf(ys)).toEqual([]);
    expect(groupsOf([ys[0]!, [0.1, 0.3, u, 0.7, 0.9, 0.9, u]])).toEqual([[0, 1]]);
  });

  it('does not take a common start for more than that, nor an empty curve for anything', () => {
    expect(
      groupsOf([
        [0.1, 0.2, null],
        [0.1, 0.2, null],
        [null, null, null],
        [null, null, null],
        [0.1, 0.2, 0.4],
      ]),
    ).toEqual([]);
    const flat = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
    const ended = (length: number) => flat.map((value, i) => (i < length ? value : null));
    expect(groupsOf([flat, ended(3)])).toEqual([]);
    expect(groupsOf([flat, ended(5)])).toEqual([[0, 1]]);
  });

  it('takes a loss that was not finite for a difference', () => {
    expect(
      groupsOf([
        [1, 1, 1, 1, 1],
        [1, 1, null, 1, 1],
      ]),
    ).toEqual([]);
  });

  it('measures on a logarithmic axis what is seen there', () => {
    const ys = [
      [1e-3, 1e-3, 1e-3],
      [1.002e-3, 1.002e-3, 1.002e-3],
      [2e-3, 2e-3, 2e-3],
    ];
    expect(groupsOf(ys, { low: 1e-4, high: 1, log: true, height: 200 })).toEqual([[0, 1]]);
    expect(groupsOf(ys, { low: 9e-4, high: 1e-3, log: true, height: 2000 })).toEqual([]);
  });

  it('finds worth saying the groups in which a colour cannot be seen', () => {
    const looks = ['red', 'red', 'red', 'blue', 'green', 'red'];
    const groups = [
      [0, 1, 2],
      [2, 3, 4],
      [4, 5],
    ];
    expect(notable(groups, (curve) => looks[curve]!)).toEqual([[2, 3, 4]]);
  });
});
