import { describe, InputError } from '@l2bn/core/sweep';

/** What errors name instead of a file. */
export const COMMAND_LINE = 'command line';

export type Mapping = Record<string, unknown>;

/** One `key=value` word. */
export interface Override {
  key: string;
  /** Where it goes: the sweep file's own key, what all trials share, or a swept factor. */
  target: 'sweep' | 'config' | 'axis';
  value: unknown;
}

/** A sweep file's content without what the command line has left without an object. */
export function withoutContradictions(value: Mapping, overrides: readonly Override[]): Mapping {
  const changed = { ...value };
  if ('exclude' in value) changed.exclude = remainingExclusions(value, overrides);
  if ('cells' in value) changed.cells = remainingCells(value.cells, overrides);
  if (isMapping(value.axes)) changed.axes = remainingAxes(value.axes, overrides);
  const { samples } = value;
  if (isMapping(samples) && isMapping(samples.axes)) {
    const axes = remainingAxes(samples.axes, overrides);
    if (Object.keys(axes).length > 0) changed.samples = { ...samples, axes };
    else {
      delete changed.samples;
      changed.axes ??= {};
    }
  }
  return changed;
}

/** Whether a key can still have a value; unknown of an axis that is computed, and then it may. */
function allows({ target, value: given }: Override, value: unknown): boolean {
  if (target === 'config') return value === given;
  return !Array.isArray(given) || given.includes(value);
}

/** An extra cell goes where the command line asks for other values of a key than it has. */
function remainingCells(cells: unknown, overrides: readonly Override[]): unknown {
  if (!Array.isArray(cells)) return cells;
  const isKept = (cell: unknown): boolean =>
    !isMapping(cell) ||
    overrides.every(
      (override) => override.target === 'sweep' || !(override.key in cell) || allows(override, cell[override.key]),
    );
  return (cells as unknown[]).filter(isKept);
}

/** A condition keeps the values that there still are; without any, its axis varies nowhere and goes. */
function remainingAxes(axes: Mapping, overrides: readonly Override[]): Mapping {
  const remaining = Object.entries(axes).flatMap(([name, axis]): [string, unknown][] => {
    if (!isMapping(axis) || !isMapping(axis.when)) return [[name, axis]];
    let when = axis.when;
    for (const override of overrides) {
      const { key, target } = override;
      if (target === 'sweep' || !(key in when)) continue;
      const wanted: unknown[] = Array.isArray(when[key]) ? when[key] : [when[key]];
      const possible = wanted.filter((value) => allows(override, value));
      if (possible.length === 0) return [];
      when = { ...when, [key]: possible };
    }
    return [[name, { ...axis, when }]];
  });
  return Object.fromEntries(remaining);
}

/**
 * An exclusion speaks of values that its factor has. A factor that is now fixed to an excluded value needs no mention any
 * more, and one that no longer has the value takes the exclusion with it.
 */
function remainingExclusions(value: Mapping, overrides: readonly Override[]): unknown {
  if (!Array.isArray(value.exclude)) return value.exclude;
  return (value.exclude as unknown[]).flatMap((entry) => {
    if (!isMapping(entry)) return [entry];
    let rest = entry;
    for (const { key, target, value: given } of overrides) {
      if (target === 'sweep' || !(key in rest)) continue;
      if (target === 'axis') {
        if (Array.isArray(given) && !given.includes(rest[key])) return [];
        continue;
      }
      if (rest[key] !== given) return [];
      const others = without(rest, key);
      if (Object.keys(others).length === 0) {
        throw new InputError({
          file: COMMAND_LINE,
          path: key,
          got: `${describe(given)}, which the sweep file excludes`,
          want: 'another value',
        });
      }
      rest = others;
    }
    return [rest];
  });
}

export function without(mapping: Mapping, key: string): Mapping {
  const { [key]: _, ...others } = mapping;
  return others;
}

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
