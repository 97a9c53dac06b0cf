import { availableParallelism, freemem } from 'node:os';
import type { SweepPlan, TrialConfig } from '@l2bn/core/sweep';

const GIB = 2 ** 30;
/** libtensorflow and Node, once per host. */
const HOST_MEMORY = 0.6 * GIB;
/** Data sets and what else a host may hold, in bytes. */
const HOST_HEADROOM = 4 * GIB;
/** Share of the free memory that trials may take. */
const MEMORY_SHARE = 0.8;

/**
 * Upper estimate of the memory of one running trial in bytes. Measured with MobileNetV2 α = 1 at 32×32 and batch 32; it
 * grows with the activations, so with width, batch and image area.
 */
export function estimateTrialMemory({ engine, alpha, batchSize, data }: TrialConfig): number {
  const activations = alpha * (batchSize / 32) * (data.imageSize / 32) ** 2;
  return engine === 'graph' ? (0.3 + 0.25 * activations) * GIB : (0.5 + 0.3 * activations) * GIB;
}

/**
 * Memory in bytes above which an engine host has grown: twice what its trials should take. Reached only by a leak, of a
 * user's model or callback for one.
 */
export function estimateHostMemory(plan: SweepPlan, workers: number): number {
  const need = Math.max(...plan.cells.map((cell) => estimateTrialMemory(cell.config)));
  return 2 * (HOST_MEMORY + workers * need) + HOST_HEADROOM;
}

/** One worker per core, fewer where memory is short or there are fewer trials. At least one. */
export function chooseWorkerCount(plan: SweepPlan, requested: number | 'auto'): number {
  if (requested !== 'auto') return requested;
  const need = Math.max(...plan.cells.map((cell) => estimateTrialMemory(cell.config)));
  const byMemory = Math.floor((freemem() * MEMORY_SHARE - HOST_MEMORY) / need);
  return Math.max(1, Math.min(availableParallelism(), byMemory, plan.trials.length));
}
