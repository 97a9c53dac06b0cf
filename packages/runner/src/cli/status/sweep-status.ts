import {
  type AxisValue,
  armSurvival,
  formatPruning,
  hasEnded,
  isFinished,
  type Survival,
  type SweepPhase,
  type SweepState,
  sweepProgress,
  type TrialState,
  type TrialStatus,
  trialLabel,
} from '@l2bn/core/sweep';
import type { MixedModel } from '../../schedule/model-versions.ts';
import { repeatCommand } from '../advice/repeat-command.ts';
import type { SweepSource } from '../target/sweep-source.ts';
import { shortTrialIds } from '../target/trial-word.ts';
import type { Pace } from './pace.ts';

/** `l2bn status --json`. Times are in ms. */
export interface SweepStatus {
  name: string;
  /** Whether nothing is left to run and nothing has failed. Cancelled trials have no result, and nobody waits for one. */
  complete: boolean;
  /**
   * As the ledger says. Where no process writes it: `finished` if nothing is left to run, `killed` if it says that the
   * sweep goes on, `stopped` if there is something to run again.
   */
  phase: string;
  detail: string;
  workers: number;
  total: number;
  finished: number;
  counts: Record<TrialStatus, number>;
  /** Steps done of all steps, 0…1. */
  fraction: number;
  eta: number | null;
  running: RunningTrial[];
  diverged: (TrialName & { step: number; lastCrossEntropy: number | null })[];
  /** Ended early by a rule: censored. */
  pruned: (TrialName & { epoch: number; why: string })[];
  failed: (TrialName & { attempts: number; error: string; repeat: string })[];
  /** Running trials whose state could not be written to disk; killed now, they would begin again further back. */
  unsaved: (TrialName & { epoch: number | null; error: string })[];
  survival: Survival;
  /** Modules with results of a version that is not the present one. */
  mixedModels: MixedModel[];
  /** What to type once a module is mended that has results beside its failures; null where there are none. */
  mended: string | null;
  commands: Commands;
}

export interface TrialName {
  trial: string;
  /** The same for people, and for `cancel` and `retry`: as short as tells it from the others. */
  shortId: string;
  label: string;
  cell: Record<string, AxisValue>;
  seed: number;
}

export interface RunningTrial extends TrialName {
  worker: number | null;
  attempt: number;
  step: number;
  totalSteps: number;
  epoch: number;
  epochs: number;
  crossEntropy: number | null;
  validationAccuracy: number | null;
  eta: number | null;
}

/** What to type about a sweep, with its folder as the user would name it. */
export interface Commands {
  resume: string;
  retry: string;
}

export interface StatusInput {
  state: SweepState;
  pace: Pace;
  /** Whether a process writes the sweep now. */
  isWritten: boolean;
  /** @defaultValue none */
  mixedModels?: MixedModel[];
  /** @defaultValue nothing */
  mended?: string | undefined;
  commands: Commands;
  source: SweepSource | undefined;
  now: number;
}

/** Where a sweep stands, as data. */
export function sweepStatus({
  state,
  pace,
  isWritten,
  mixedModels = [],
  mended,
  commands,
  source,
  now,
}: StatusInput): SweepStatus {
  const { plan, trials, counts, detail, workers } = state;
  const { finished, total, fraction } = sweepProgress(state);
  const phase = isWritten ? state.phase : phaseWithoutWriter(state.phase, finished === total);
  const cells = new Map(plan.cells.map((cell) => [cell.id, cell]));
  const shortIds = shortTrialIds(plan);
  const nameOf = (trial: TrialState): TrialName => ({
    trial: trial.id,
    shortId: shortIds.get(trial.id) ?? trial.id,
    label: trialLabel(plan, trial),
    cell: cells.get(trial.cell)?.values ?? {},
    seed: trial.seed,
  });
  // What a killed process had running is running no more.
  const running = isWritten ? trials.filter(({ status }) => status === 'running' || status === 'leased') : [];
  return {
    name: plan.name,
    complete: trials.every(({ status }) => isFinished(status) && status !== 'failed'),
    phase,
    detail: phase === state.phase ? detail : '',
    workers,
    total,
    finished,
    counts: isWritten ? { ...counts } : withoutRunning(counts),
    fraction,
    eta: isWritten && phase !== 'paused' && finished < total ? pace.ofSweep(state, now) : null,
    running: running
      .sort((a, b) => (a.worker ?? 0) - (b.worker ?? 0))
      .map((trial) => ({
        ...nameOf(trial),
        worker: trial.worker,
        attempt: trial.attempt,
        step: trial.step,
        totalSteps: trial.totalSteps,
        epoch: trial.epochs.at(-1)?.epoch ?? 0,
        epochs: trial.stepsPerEpoch === 0 ? 0 : trial.totalSteps / trial.stepsPerEpoch,
        crossEntropy: trial.curve.crossEntropy.at(-1) ?? null,
        validationAccuracy: trial.epochs.at(-1)?.validation.accuracy ?? null,
        eta: pace.ofTrial(trial, now),
      })),
    diverged: trials.flatMap((trial) =>
      trial.status === 'diverged' && trial.divergence !== null ? [{ ...nameOf(trial), ...trial.divergence }] : [],
    ),
    pruned: trials.flatMap((trial) =>
      trial.status === 'pruned' && trial.pruning !== null
        ? [{ ...nameOf(trial), epoch: trial.pruning.epoch, why: formatPruning(trial.pruning) }]
        : [],
    ),
    unsaved: running.flatMap((trial) =>
      trial.checkpointError === null
        ? []
        : [{ ...nameOf(trial), epoch: trial.checkpoint?.epoch ?? null, error: trial.checkpointError }],
    ),
    survival: armSurvival(state),
    mixedModels,
    mended: mended ?? null,
    commands,
    failed: trials.flatMap((trial) =>
      trial.status === 'failed' && trial.failure !== null
        ? [
            {
              ...nameOf(trial),
              attempts: trial.attempt,
              error: trial.failure.error,
              repeat: repeatCommand(plan, trial, source),
            },
          ]
        : [],
    ),
  };
}

function phaseWithoutWriter(phase: SweepPhase, isComplete: boolean): string {
  if (isComplete) return 'finished';
  if (!hasEnded(phase)) return 'killed';
  // Trials were put back or added after the end.
  return 'stopped';
}

const withoutRunning = ({ leased, running, interrupted, ...counts }: Record<TrialStatus, number>) => ({
  ...counts,
  leased: 0,
  running: 0,
  interrupted: interrupted + leased + running,
});
