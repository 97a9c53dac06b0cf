import type { SweepPlan, TrialConfig } from '@l2bn/core/sweep';

/** A configuration for each model of a plan, with Batch Normalization and without: that of its largest λ. */
export function distinctModels(plan: SweepPlan): TrialConfig[] {
  const strongest = new Map<string, TrialConfig>();
  for (const { config } of plan.cells) {
    const key = JSON.stringify([config.model, config.batchNorm]);
    const before = strongest.get(key);
    if (before === undefined || config.l2 > before.l2) strongest.set(key, config);
  }
  return [...strongest.values()];
}
