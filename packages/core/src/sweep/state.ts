import type { Metrics, SweepPhase, TrialEventOf, ValidationSet, WeightsLine } from './events.ts';
import type { SweepPlan } from './plan.ts';

export const TRIAL_STATUSES = [
  'planned',
  'leased',
  'running',
  'interrupted',
  'done',
  'diverged',
  'pruned',
  'failed',
  'cancelled',
] as const;
export type TrialStatus = (typeof TRIAL_STATUSES)[number];

/** Statuses after which nothing more is done for a trial. */
export const FINISHED_STATUSES: readonly TrialStatus[] = ['done', 'diverged', 'pruned', 'failed', 'cancelled'];
export const isFinished = (status: TrialStatus): boolean => FINISHED_STATUSES.includes(status);

/** Whether a sweep in this phase has ended; the command that started it carries it on. */
export const hasEnded = (phase: SweepPhase): boolean => phase === 'finished' || phase === 'stopped';

/** Statuses of which a trial can be run again; a result stays one. */
const REQUEUABLE_STATUSES: readonly TrialStatus[] = ['failed', 'cancelled', 'pruned'];

/** Whether a trial may be put back. A rule's decision is only undone for one that is asked for by name, not for all at once. */
export const canRequeue = (status: TrialStatus, isNamed: boolean): boolean =>
  REQUEUABLE_STATUSES.includes(status) && (isNamed || status !== 'pruned');

/** Whether a trial may be dropped: as long as it waits or runs. */
export const canCancel = (status: TrialStatus): boolean => !isFinished(status);

export interface EpochRecord {
  epoch: number;
  step: number;
  learningRate: number;
  train: Metrics | null;
  validation: Metrics;
  weights: WeightsLine;
  elapsed: number;
}

/** Training metrics by step, column-wise; index = step, 0-based. */
export interface StepCurve {
  crossEntropy: (number | null)[];
  penalty: (number | null)[];
  accuracy: (number | null)[];
}

export interface TrialState {
  id: string;
  index: number;
  cell: string;
  seed: number;
  status: TrialStatus;
  /** Number of the current or last attempt; 0 before the first. */
  attempt: number;
  worker: number | null;
  /** Steps done by the current attempt, of `totalSteps` (0 while unknown). */
  step: number;
  totalSteps: number;
  stepsPerEpoch: number;
  /** Number of classes; 0 while unknown. */
  classes: number;
  /** `null` while unknown, and in ledgers of older versions. */
  validationSet: ValidationSet | null;
  epochs: EpochRecord[];
  curve: StepCurve;
  /** Wall clock in ms of the first `started` and of the finishing event. */
  startedAt: number | null;
  finishedAt: number | null;
  /** Time in ms that its ended attempts ran, and when (as `SweepState.runTime`) the running one started; see `runTimeOf`. */
  runTime: number;
  runSince: number | null;
  weightsHash: string | null;
  /** The last epoch whose state is on disk. */
  checkpoint: { epoch: number; step: number } | null;
  /** Why the last checkpoint could not be written; null once one is. */
  checkpointError: string | null;
  /** Set when `diverged`. */
  divergence: Pick<TrialEventOf<'diverged'>, 'step' | 'lastCrossEntropy'> | null;
  /** Set once a rule has pruned the trial; stays when it is put back, for then it is to run to its end. */
  pruning: Omit<TrialEventOf<'pruned'>, 'type' | 'trial' | 'attempt' | 'step'> | null;
  /** Set when `failed`. */
  failure: Pick<TrialEventOf<'failed'>, 'error' | 'stack'> | null;
}

export interface SweepState {
  plan: SweepPlan;
  phase: SweepPhase;
  detail: string;
  workers: number;
  /** In plan order. */
  trials: TrialState[];
  /** Trials by status; the counts always add up to `trials.length`. */
  counts: Record<TrialStatus, number>;
  /** `seq` of the last event applied; 0 before the first. */
  seq: number;
  /** Wall clock of the last event applied, ms since 1970. */
  at: number;
  /** Time in ms that trials were under way, without stops, pauses and what a killed coordinator missed; see `passRunTime`. */
  runTime: number;
  /** Events of older attempts that came too late and were dropped. */
  dropped: number;
}
