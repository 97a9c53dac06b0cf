import { isBuiltIn } from '@l2bn/core/preflight';
import { cellLabel, type SweepPlan, type TrialConfig } from '@l2bn/core/sweep';
import { canonicalJson } from '../plan/canonical-json.ts';
import type { ModelTrial } from './messages.ts';

/**
 * The models of a plan that can fail to be built: those of a user's own, once for everything that a network's structure
 * can depend on, each with the largest λ there is. What the built-in ones are built from, the sweep file's schema checks.
 */
export function modelTrials(plan: SweepPlan): ModelTrial[] {
  const strongest = new Map<string, { config: TrialConfig; cell: string | null }>();
  for (const cell of plan.cells) {
    const { config } = cell;
    if (isBuiltIn(config.model)) continue;
    const key = structureOf(config);
    if (config.l2 <= (strongest.get(key)?.config.l2 ?? -1)) continue;
    strongest.set(key, { config, cell: plan.cells.length > 1 ? cellLabel(plan, cell) : null });
  }
  return [...strongest.values()].map((model) => ({ ...model, seed: plan.seeds[0]! }));
}

/** All of a configuration that is no number of the training alone. λ counts by whether there is one. */
function structureOf(config: TrialConfig): string {
  const { learningRate: _, momentum: _m, epochs: _e, batchSize: _b, patience: _p, l2, data, ...structure } = config;
  const { source, path, imageSize, channels, classes } = data;
  return canonicalJson({ ...structure, isRegularized: l2 > 0, data: { source, path, imageSize, channels, classes } });
}
