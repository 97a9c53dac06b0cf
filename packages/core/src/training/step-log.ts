import { finite, type TrialEventOf } from '../sweep/events.ts';
import type { BatchMetrics } from './train-step.ts';

/** At most ten `steps` events a second. */
export const FLUSH_INTERVAL_MS = 100;
/** Steps that one event holds at most. */
export const FLUSH_STEPS = 256;

type Steps = Pick<TrialEventOf<'steps'>, 'from' | 'crossEntropy' | 'penalty' | 'accuracy'>;

/** Gathers the metrics of consecutive steps, so that quick steps do not make an event each. */
export class StepLog {
  private readonly now: () => number;
  private pending: Steps;
  private flushedAt: number;

  /** @param first Number of the first step that is added. */
  constructor(now: () => number, first = 0) {
    this.now = now;
    this.flushedAt = now();
    this.pending = { from: first, crossEntropy: [], penalty: [], accuracy: [] };
  }

  add({ crossEntropy, penalty, correct, count }: BatchMetrics): void {
    this.pending.crossEntropy.push(finite(crossEntropy));
    this.pending.penalty.push(finite(penalty));
    this.pending.accuracy.push(finite(correct / count));
  }

  /** Whether what was gathered is due. */
  isDue(): boolean {
    return this.pending.crossEntropy.length >= FLUSH_STEPS || this.now() - this.flushedAt >= FLUSH_INTERVAL_MS;
  }

  /** What was gathered since the last time; undefined if nothing. */
  take(): Steps | undefined {
    const taken = this.pending;
    this.flushedAt = this.now();
    if (taken.crossEntropy.length === 0) return undefined;
    this.pending = { from: taken.from + taken.crossEntropy.length, crossEntropy: [], penalty: [], accuracy: [] };
    return taken;
  }
}
