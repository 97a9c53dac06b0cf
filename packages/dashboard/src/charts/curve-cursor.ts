import type { AlignedCurves, Value } from './decimate.ts';

/** A point of a curve: row and column of `AlignedCurves.ys`. */
export interface CurveCursor {
  curve: number;
  index: number;
}

const isValue = (value: Value): boolean => value !== null && value !== undefined;

/**
 * Where one step of the keyboard leads: `curves` rows down (skipping curves without data, around the ends) or `points`
 * columns along. The first step from nowhere leads to the last point of the first curve. `null` when there is no point.
 */
export function walk(
  ys: readonly (readonly Value[])[],
  from: CurveCursor | null,
  curves: number,
  points: number,
): CurveCursor | null {
  const lit = ys.flatMap((row, i) => (row.some(isValue) ? [i] : []));
  if (lit.length === 0) return null;
  const length = ys[0]!.length;
  if (from === null) return seek(ys, lit[0]!, length - 1, -1);
  if (points !== 0) return seek(ys, from.curve, from.index + points, points);
  const curve = lit[(lit.indexOf(from.curve) + curves + lit.length) % lit.length]!;
  return seek(ys, curve, from.index, -1) ?? seek(ys, curve, from.index, 1);
}

/** The point of a curve that is nearest to a step; `null` for a curve without any. */
export function nearestPoint(
  { xs, ys }: Pick<AlignedCurves, 'xs' | 'ys'>,
  curve: number,
  step: number,
): CurveCursor | null {
  let nearest: CurveCursor | null = null;
  let distance = Number.POSITIVE_INFINITY;
  xs.forEach((x, index) => {
    if (!isValue(ys[curve]?.[index]) || Math.abs(x - step) >= distance) return;
    distance = Math.abs(x - step);
    nearest = { curve, index };
  });
  return nearest;
}

function seek(ys: readonly (readonly Value[])[], curve: number, start: number, step: number): CurveCursor | null {
  const row = ys[curve]!;
  for (let index = start; index >= 0 && index < row.length; index += step) {
    if (isValue(row[index])) return { curve, index };
  }
  return null;
}
