import { availableParallelism } from 'node:os';
import type { SweepPlan, TrialConfig } from '@l2bn/core/sweep';
import { freeMemory } from './free-memory.ts';

const GIB = 2 ** 30;
/** libtensorflow and Node, once per host. */
const HOST_MEMORY = 0.6 * GIB;
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

/** Memory in bytes that the largest trial of a plan needs at most. For a network of a user's own, that of MobileNetV2. */
export const estimateLargestTrial = (plan: SweepPlan): number =>
  Math.max(...plan.cells.map(({ config }) => estimateTrialMemory(config)));

export interface Machine {
  cores: number;
  /** Bytes that are free. */
  memory: number;
}

/** One worker per core, fewer where memory is short or there are fewer trials. At least one. */
export function chooseWorkerCount(
  plan: SweepPlan,
  requested: number | 'auto',
  { cores, memory }: Machine = { cores: availableParallelism(), memory: freeMemory() },
): number {
  if (requested !== 'auto') return requested;
  const byMemory = Math.floor((memory * MEMORY_SHARE - HOST_MEMORY) / estimateLargestTrial(plan));
  return Math.max(1, Math.min(cores, byMemory, plan.trials.length));
}
