import type { Axis, AxisValue } from '@l2bn/core/sweep';
import { inOrder, listAxis, resolveAxis, sampledAxis, samplePoints, withFurtherValues } from './axis-values.ts';
import { type Condition, meets, type Values, valueAt } from './config-values.ts';
import type { DocumentPath } from './source-text.ts';
import type { SweepFile } from './sweep-file.ts';

/** A key that a sweep file varies, and where it says so. */
export interface Factor {
  axis: Axis;
  /** Where it varies; everywhere when left out. */
  when: Condition | undefined;
  path: DocumentPath;
  /** Whether the file lists the values one by one. */
  isList: boolean;
  /** Whether its values come in the points of `samples`. */
  isSampled: boolean;
}

/** Factors in the order in which they are crossed: what is sampled first, so that its points stay whole. */
export function factorsOf({ axes = {}, samples }: SweepFile): { factors: Factor[]; points: Values[] } {
  const points = samples === undefined ? [] : samplePoints(samples);
  const sampled = Object.entries(samples?.axes ?? {}).map(([key, definition]): Factor => {
    const axis = sampledAxis(
      key,
      definition,
      points.map((point) => point[key]!),
    );
    return { ...shapeOf(definition, ['samples', 'axes', key]), axis, isSampled: true };
  });
  const crossed = Object.entries(axes).map(([key, definition]): Factor => {
    return { ...shapeOf(definition, ['axes', key]), axis: resolveAxis(key, definition), isSampled: false };
  });
  return { factors: [...sampled, ...crossed], points };
}

function shapeOf(definition: unknown, path: DocumentPath): Pick<Factor, 'when' | 'path' | 'isList'> {
  if (Array.isArray(definition)) return { when: undefined, path, isList: true };
  const mapping = typeof definition === 'object' ? (definition as { when?: Condition; values?: unknown }) : {};
  const isList = mapping.values !== undefined;
  return { when: mapping.when, path: isList ? [...path, 'values'] : path, isList };
}

/** Every point with every combination of the axes, the last one fastest, each once. */
export function combinations({ factors, points }: ReturnType<typeof factorsOf>, config: object): Values[] {
  const sampled = factors.filter(({ isSampled }) => isSampled);
  const rows = points.length === 0 ? [{}] : points.map((point) => withoutUnmet(point, sampled, config));
  return factors
    .filter(({ isSampled }) => !isSampled)
    .reduce<Values[]>(
      (before, { axis, when }) =>
        before.flatMap((row) =>
          meets(when, row, config) ? axis.values.map((value) => ({ ...row, [axis.key]: value })) : [row],
        ),
      distinct(rows),
    );
}

function withoutUnmet(point: Values, factors: readonly Factor[], config: object): Values {
  const row: Record<string, AxisValue> = {};
  for (const { axis, when } of factors) if (meets(when, row, config)) row[axis.key] = point[axis.key]!;
  return row;
}

const distinct = (rows: readonly Values[]): Values[] => [
  ...new Map(rows.map((row) => [JSON.stringify(row), row])).values(),
];

/** What a cell has of each key: its own value, else what all share; nothing where the key does not vary or has none. */
export function completed(keys: readonly string[], factors: readonly Factor[], own: Values, config: object): Values {
  const conditions = new Map(factors.map(({ axis, when }) => [axis.key, when]));
  return Object.fromEntries(
    keys.flatMap((key): [string, AxisValue][] => {
      if (key in own) return [[key, own[key]!]];
      const value = valueAt(config, key);
      return value === undefined || !meets(conditions.get(key), own, config) ? [] : [[key, value]];
    }),
  );
}

/** The axes of a plan: a key that no factor has is one that extra cells set, and its values are those that cells have. */
export function axesOf(keys: readonly string[], factors: readonly Factor[], cells: readonly Values[]): Axis[] {
  const known = new Map(factors.map((factor) => [factor.axis.key, factor]));
  return keys.map((key) => {
    const used = new Set(cells.flatMap((values) => values[key] ?? []));
    const factor = known.get(key);
    if (factor === undefined) return listAxis(key, inOrder([...used]));
    const { axis, isSampled } = factor;
    // A point outside its key's condition leaves a value that no cell has.
    const own = isSampled ? { ...axis, values: axis.values.filter((value) => used.has(value)) } : axis;
    return withFurtherValues(own, [...used]);
  });
}
