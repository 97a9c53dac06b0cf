import type { SweepPlan, TrialConfig } from '@l2bn/core/sweep';
import type { ShapeCost } from './shape-cost.ts';
import { shapeKey } from './step-shapes.ts';

export interface SweepTimeOptions {
  /** Trials at the same time. */
  workers: number;
  /** Time before the first trial starts, in ms. */
  start: number;
  /** Images of a trial's data. */
  imagesOf: (config: TrialConfig) => { train: number; validation: number };
  costOf: (config: TrialConfig) => ShapeCost;
  /** Trials that have a result already. */
  finished?: ReadonlySet<string>;
}

/**
 * How long a sweep takes, in ms: its trials in plan order, each on the worker that is free first, as the scheduler gives
 * them out. Every trial runs to its last epoch, each worker compiles a shape once.
 */
export function sweepTime(plan: SweepPlan, options: SweepTimeOptions): number {
  const { workers, start, costOf, finished = new Set() } = options;
  const cells = new Map(
    plan.cells.map(({ id, config }) => {
      const cost = costOf(config);
      return [id, { shape: shapeKey(config), cost, training: trainingTime(config, cost, options.imagesOf(config)) }];
    }),
  );
  const lanes = Array.from({ length: workers }, () => ({ freeAt: start, compiled: new Set<string>() }));
  let end = start;
  for (const { id, cell } of plan.trials) {
    if (finished.has(id)) continue;
    const { shape, cost, training } = cells.get(cell)!;
    const lane = lanes.reduce((first, other) => (other.freeAt < first.freeAt ? other : first));
    lane.freeAt += training + (lane.compiled.has(shape) ? cost.setup : cost.first);
    lane.compiled.add(shape);
    end = Math.max(end, lane.freeAt);
  }
  return end;
}

/** Epoch 0 is validated and kept as well. */
function trainingTime(
  { epochs, batchSize }: TrialConfig,
  { step, evaluate, epochEnd }: ShapeCost,
  images: { train: number; validation: number },
): number {
  const steps = Math.ceil(images.train / batchSize);
  const batches = Math.ceil(images.validation / batchSize);
  return epochs * steps * step + (epochs + 1) * (batches * evaluate + epochEnd);
}
