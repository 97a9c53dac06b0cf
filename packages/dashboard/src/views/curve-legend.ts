import type { AxisValue, SweepPlan } from '@l2bn/core/sweep';
import type { LegendEntry } from '../charts/line-style.ts';

/** An axis that colours or dashes stand for, with what each of its values looks like. */
export interface LegendGroup {
  key: string;
  entries: readonly LegendEntry[];
}

/** Names one entry of the legend: a value of an axis. */
export const entryOf = (key: string, value: AxisValue): string => `${key}=${value}`;

/** What is switched off after an entry is pressed: it is hidden, or shown again. */
export function afterPress(off: ReadonlySet<string>, { key }: LegendGroup, value: AxisValue): ReadonlySet<string> {
  const next = new Set(off);
  const entry = entryOf(key, value);
  if (!next.delete(entry)) next.add(entry);
  return next;
}

/** What is switched off after an entry is to be seen alone in its group: all others, or nothing if it was alone. */
export function afterSolo(
  off: ReadonlySet<string>,
  { key, entries }: LegendGroup,
  value: AxisValue,
): ReadonlySet<string> {
  const entry = entryOf(key, value);
  const others = entries.map((other) => entryOf(key, other.value)).filter((other) => other !== entry);
  const wasAlone = !off.has(entry) && others.every((other) => off.has(other));
  const next = new Set(off);
  next.delete(entry);
  for (const other of others) wasAlone ? next.delete(other) : next.add(other);
  return next;
}

/** Cells with a value that is switched off. */
export function cellsOff({ cells }: SweepPlan, off: ReadonlySet<string>): ReadonlySet<string> {
  if (off.size === 0) return new Set();
  const isOff = ([key, value]: [string, AxisValue]) => off.has(entryOf(key, value));
  return new Set(cells.filter(({ values }) => Object.entries(values).some(isOff)).map(({ id }) => id));
}

/** Ids of the trials with this value. */
export function trialsWith({ cells, trials }: SweepPlan, key: string, value: AxisValue): string[] {
  const own = new Set(cells.filter(({ values }) => values[key] === value).map(({ id }) => id));
  return trials.filter(({ cell }) => own.has(cell)).map(({ id }) => id);
}
