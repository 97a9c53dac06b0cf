import type { DataConfig, SweepPlan } from '@l2bn/core/sweep';
import { canonicalJson } from './canonical-json.ts';

/** Every data set that some trial of a plan needs, once each. */
export function distinctData(plan: SweepPlan): DataConfig[] {
  return [...new Map(plan.cells.map(({ config }) => [canonicalJson(config.data), config.data])).values()];
}
