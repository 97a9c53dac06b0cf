import type { ControlCommand, ControlReply } from '@l2bn/core/sweep';
import {
  canCancel,
  canRequeue,
  hasEnded,
  type SweepEvent,
  type SweepPhase,
  type SweepReducer,
  type TrialState,
} from '@l2bn/core/sweep';
import { hasOutcomeOrCheckpoint } from './kept-inputs.ts';
import { modelOf } from './model-versions.ts';
import type { Scheduler } from './scheduler.ts';

export interface SweepCommandsOptions {
  scheduler: Scheduler;
  reducer: SweepReducer;
  /** Most trials at the same time that the engine host has threads for. */
  maxWorkers: number;
  record: (event: SweepEvent) => void;
  /** What is recorded of a trial that is put back. */
  requeued: (trial: TrialState) => SweepEvent;
  /** Models whose modules are not what the sweep has gone on with so far. */
  editedModels: () => string[];
  /** Ends the sweep. */
  stop: () => void;
  /** Ends a running trial at its next step, for good. */
  cancelRunning: (trial: string) => void;
  /** A trial that did not run has ended. */
  onOver: (trial: string) => void;
}

/** What a user can ask of a running sweep, carried out on scheduler and ledger. */
export class SweepCommands {
  private readonly options: SweepCommandsOptions;

  constructor(options: SweepCommandsOptions) {
    this.options = options;
  }

  carryOut(command: ControlCommand): ControlReply {
    switch (command.do) {
      case 'pause':
        return this.pause();
      case 'resume':
        return this.resume();
      case 'stop':
        this.options.stop();
        return agree('stopping: the running trials end at their next step');
      case 'cancel':
        return this.cancel(command.trial);
      case 'retry':
        return this.retry(command.trial);
      case 'workers':
        return this.setWorkers(command.count);
    }
  }

  private pause(): ControlReply {
    const { scheduler } = this.options;
    if (scheduler.isPaused) return refuse('the sweep is paused already');
    scheduler.isPaused = true;
    this.recordPhase('paused');
    return agree(`paused: ${scheduler.running.length} running trials go on, no new ones start`);
  }

  private resume(): ControlReply {
    const { scheduler } = this.options;
    if (!scheduler.isPaused) return refuse('the sweep is not paused');
    scheduler.isPaused = false;
    this.recordPhase('running');
    return agree('going on');
  }

  private cancel(id: string): ControlReply {
    const { scheduler, reducer, record, cancelRunning, onOver } = this.options;
    const trial = reducer.trial(id);
    if (trial === undefined) return refuse(`there is no trial ${id}`);
    if (!canCancel(trial.status)) return refuse(`${id} is ${trial.status} already`);
    if (scheduler.holds(id, trial.attempt)) {
      cancelRunning(id);
      return agree(`${id} ends at its next step`);
    }
    if (!scheduler.drop(id)) return refuse(`${id} is ${trial.status} already`);
    record({ type: 'cancelled', trial: id, attempt: trial.attempt });
    if (trial.status === 'cancelled') onOver(id);
    return agree(`${id} is cancelled`);
  }

  private retry(id: string | null): ControlReply {
    const { scheduler, reducer, record, requeued } = this.options;
    const { trials, plan } = reducer.state;
    const meant = trials.filter(({ id: own, status }) => (id ?? own) === own && canRequeue(status, id !== null));
    // One that has just been pruned or cancelled is held until its last step has ended.
    const again = meant.filter(({ id: own, attempt }) => !scheduler.holds(own, attempt));
    if (meant.length > 0 && again.length === 0) return refuse('its last step has not ended yet; try again');
    if (again.length === 0) {
      return refuse(
        id === null ? 'no trial has failed or was cancelled' : `${id} has not failed and was not cancelled or pruned`,
      );
    }
    const outdated = this.outdatedModels(again);
    // Before anything is recorded: what failed is to stay in sight until it can run again.
    if (outdated.length > 0) {
      return refuse(
        `${outdated.join(', ')} was edited, and the process that holds the sweep has what it was before: l2bn stop first, then l2bn retry`,
      );
    }
    for (const trial of again) {
      record(requeued(trial));
      scheduler.requeue(plan.trials[trial.index]!);
    }
    return agree(`${again.length} put back`);
  }

  /**
   * Models of which this process could only make results that are of another version than those that are there. A sweep that has
   * ended goes on with a new engine host, which loads them anew: there it is only those that have something to be mixed with.
   */
  private outdatedModels(again: readonly TrialState[]): string[] {
    const { state } = this.options.reducer;
    const concerned = hasEnded(state.phase) ? state.trials.filter(hasOutcomeOrCheckpoint) : again;
    const used = new Set(concerned.map((trial) => modelOf(state.plan, trial)));
    return this.options.editedModels().filter((model) => used.has(model));
  }

  private setWorkers(count: number): ControlReply {
    const { scheduler, maxWorkers } = this.options;
    if (count > maxWorkers) return refuse(`this sweep was started for at most ${maxWorkers} workers`);
    scheduler.workers = count;
    this.recordPhase(this.options.reducer.state.phase);
    return agree(`${count === 1 ? '1 trial' : `${count} trials`} at a time from now on`);
  }

  private recordPhase(phase: SweepPhase): void {
    const { reducer, record, scheduler } = this.options;
    record({ type: 'phase', phase, detail: reducer.state.detail, workers: scheduler.workers });
  }
}

const agree = (text: string): ControlReply => ({ ok: true, text });
const refuse = (text: string): ControlReply => ({ ok: false, text });
