import type { Value } from './decimate.ts';

export interface DrawnRange {
  low: number;
  high: number;
  log: boolean;
  /** Height of the drawing area in CSS pixels. */
  height: number;
}

/** Curves nearer than that, in CSS pixels, at every point are seen as one line. */
const NEAR = 1;
/** Curves that start from the same weights meet at first, and one that was pruned soon has little more. */
const LEAST_COMMON = 3;

/**
 * Groups of curves that lie on each other wherever both are drawn, as lists of row numbers: of such a group only the one
 * that was drawn last can be seen, so it has to be said.
 *
 * Each curve is compared with the first of every group, at points up to the first that is apart; unlike curves cost next to
 * nothing, and like ones are few groups.
 */
export function coincidingCurves(ys: readonly (readonly Value[])[], range: DrawnRange): number[][] {
  const place = range.log ? Math.log10 : (value: number) => value;
  const near = (NEAR * (place(range.high) - place(range.low))) / Math.max(1, range.height);
  const groups: number[][] = [];
  ys.forEach((row, curve) => {
    const group = groups.find(([first]) => coincide(ys[first!]!, row, place, near));
    if (group !== undefined) group.push(curve);
    else if (row.some(isNumber)) groups.push([curve]);
  });
  return groups.filter(({ length }) => length > 1);
}

/**
 * Groups worth a label in the chart: at least three curves, and not all of one look, for of those that look alike nothing is
 * hidden but their number.
 */
export const labelled = (groups: readonly number[][], lookOf: (curve: number) => string): number[][] =>
  groups.filter((group) => group.length > 2 && new Set(group.map(lookOf)).size > 1);

const isNumber = (value: Value): value is number => value !== null && value !== undefined;

function coincide(a: readonly Value[], b: readonly Value[], place: (value: number) => number, near: number): boolean {
  let common = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i], b[i]];
    if (!isNumber(x) || !isNumber(y)) continue;
    if (!(Math.abs(place(x) - place(y)) <= near)) return false;
    common++;
  }
  return common >= LEAST_COMMON;
}
