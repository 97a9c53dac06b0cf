import type { SweepPlan } from '@l2bn/core/sweep';
import { distinctData } from '../../plan/distinct-data.ts';
import { dataKey } from '../../schedule/kept-inputs.ts';
import type { EarlierResults } from './earlier-results.ts';

/** What is not found out without reading the data of results that a run would go on from: a line each. */
export function unreadData(plan: SweepPlan, { folder, finished, kept }: EarlierResults): string[] {
  if (finished.size === plan.trials.length) return [];
  return distinctData(plan)
    .filter((data) => data.path !== undefined && kept.includes(dataKey(data)))
    .map(({ path }) => `--quick has not read ${path}: whether it is still the data of ${folder} is not known`);
}
