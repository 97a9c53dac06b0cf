import { type AxisValue, formatAxisValue, type TrialConfig } from '@l2bn/core/sweep';
import type { CellSummary } from './cell-summary.ts';

/** What is compared: all else has to be the same. */
const COMPARED = new Set(['batchNorm', 'l2']);

/** Cells that differ in Batch Normalization and λ, and in nothing else. */
export interface MatchedArms {
  /** What tells them from the other cells of the sweep: `learningRate=0.01 · alpha=0.35`; empty where nothing does. */
  settings: string;
  cells: CellSummary[];
}

/** The cells of a sweep in groups that may be compared, in the order of the plan. */
export function matchedArms(summaries: readonly CellSummary[]): MatchedArms[] {
  const all = summaries.map((summary) => ({ summary, settings: settingsOf(summary.cell.config) }));
  const varied = [...new Set(all.flatMap(({ settings }) => [...settings.keys()]))].filter(
    (key) => new Set(all.map(({ settings }) => settings.get(key))).size > 1,
  );
  const groups = new Map<string, MatchedArms>();
  for (const { summary, settings } of all) {
    const values = varied.map((key) => [key, settings.get(key)] as const);
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { settings: labelOf(values), cells: [] };
    groups.set(key, group);
    group.cells.push(summary);
  }
  return [...groups.values()];
}

/** By the whole configuration, for a cell may differ in what is no axis. */
function settingsOf({ data, ...config }: TrialConfig): Map<string, AxisValue | undefined> {
  const ofData = Object.entries(data).map(([key, value]) => [`data.${key}`, value] as const);
  return new Map([...Object.entries(config), ...ofData].filter(([key]) => !COMPARED.has(key)));
}

const labelOf = (values: readonly (readonly [string, AxisValue | undefined])[]): string =>
  values.map(([key, value]) => (value === undefined ? `no ${key}` : formatAxisValue(key, value))).join(' · ');
