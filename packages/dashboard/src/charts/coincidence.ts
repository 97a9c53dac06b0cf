import type { Value } from './decimate.ts';

export interface DrawnRange {
  low: number;
  high: number;
  log: boolean;
  /** Height of the drawing area in CSS pixels. */
  height: number;
}

/** Curves nearer than that to a third one, in CSS pixels, are within one pixel of each other: seen as one line. */
const NEAR = 0.5;
/** The same for the values themselves, relative: where one curve blew up the scale, all others are near each other on it. */
const ALIKE = 0.005;
/** Curves that start from the same weights meet at first. */
const LEAST_COMMON = 3;
/** Share of the longer curve's length that the shorter one must have. */
const LEAST_LENGTH = 0.5;

/**
 * Groups of curves that are one line over all their length and have the same values there, as lists of row numbers: of such a
 * group only the one that was drawn last can be seen, so it has to be said. A curve that ended early is compared as far as it
 * goes, and stands alone where that is not even half.
 *
 * Each curve is compared with the first of every group, at points up to the first that is apart; unlike curves cost next to
 * nothing, and like ones are few groups.
 */
export function coincidingCurves(
  xs: readonly number[],
  ys: readonly (readonly Value[])[],
  range: DrawnRange,
): number[][] {
  const place = range.log ? Math.log10 : (value: number) => value;
  const near = (NEAR * (place(range.high) - place(range.low))) / Math.max(1, range.height);
  const same = (a: number, b: number) =>
    Math.abs(place(a) - place(b)) <= near && Math.abs(a - b) <= ALIKE * Math.max(Math.abs(a), Math.abs(b));
  const groups: number[][] = [];
  ys.forEach((row, curve) => {
    const group = groups.find(([first]) => coincide(xs, ys[first!]!, row, same));
    if (group !== undefined) group.push(curve);
    else if (row.some(isNumber)) groups.push([curve]);
  });
  return groups.filter(({ length }) => length > 1);
}

/**
 * Groups worth saying under the chart: at least three curves, and not all of one look, for of those that look alike nothing is
 * hidden but their number.
 */
export const notable = (groups: readonly number[][], lookOf: (curve: number) => string): number[][] =>
  groups.filter((group) => group.length > 2 && new Set(group.map(lookOf)).size > 1);

const isNumber = (value: Value): value is number => value !== null && value !== undefined;

/** At every point of either, against the line between two points of the other where it has none there. */
function coincide(
  xs: readonly number[],
  a: readonly Value[],
  b: readonly Value[],
  same: (a: number, b: number) => boolean,
): boolean {
  const [endA, endB] = [a.findLastIndex(isNumber), b.findLastIndex(isNumber)];
  const [end, longer] = [Math.min(endA, endB), Math.max(endA, endB)];
  if (end < 0 || xs[end]! - xs[0]! < LEAST_LENGTH * (xs[longer]! - xs[0]!)) return false;
  let compared = 0;
  const [lineA, lineB] = [line(xs, a), line(xs, b)];
  for (let i = 0; i <= end; i++) {
    const [x, y] = [a[i], b[i]];
    if (!isNumber(x) && !isNumber(y)) continue;
    // A gap in one alone: a loss that was not finite there.
    if (x === null || y === null) return false;
    const [valueA, valueB] = [x ?? lineA(i), y ?? lineB(i)];
    if (valueA === null || valueB === null) continue;
    if (!same(valueA, valueB)) return false;
    compared++;
  }
  return compared >= LEAST_COMMON;
}

/** The value of a curve between two of its points; `null` before the first and in gaps. */
function line(xs: readonly number[], row: readonly Value[]): (i: number) => number | null {
  return (i) => {
    let [from, to] = [i, i];
    while (row[from] === undefined && from > 0) from--;
    while (row[to] === undefined && to < row.length - 1) to++;
    const [low, high] = [row[from], row[to]];
    if (!isNumber(low) || !isNumber(high)) return null;
    return low + ((high - low) * (xs[i]! - xs[from]!)) / (xs[to]! - xs[from]!);
  };
}
