import { type MessagePort, threadId } from 'node:worker_threads';
import { type Dataset, runTrial } from '@l2bn/core';
import { InputError, type TrialConfig, type TrialEvent } from '@l2bn/core/sweep';
import { type ModelModule, modelModule } from './model-modules.ts';
import { systemThread } from './system-thread.ts';

/** One task of the pool: one attempt at one trial. */
export interface TrialTask {
  trial: string;
  attempt: number;
  worker: number;
  seed: number;
  config: TrialConfig;
  /** Pixels and labels in shared memory. */
  dataset: Dataset;
  baseDirectory: string;
  /** The user's module that the model is from, as the sweep began with it; null for a model of ours. */
  module: ModelModule | null;
  /** Takes the trial's checkpoints. */
  checkpointFolder: string;
  resumeFrom: { epoch: number; step: number } | null;
  /** Last epoch whose checkpoint is in the ledger, −1 before the first of this attempt. On a SharedArrayBuffer. */
  recordedEpoch: Int32Array;
  /** `STOPPED` or `DROPPED` stops it before the next step; see `TrainerOptions.stopFlag`. On a SharedArrayBuffer. */
  stopFlag: Int32Array;
  /** Takes Node's id and the system's of the thread that runs the task. On a SharedArrayBuffer, to be read while it hangs. */
  thread: Int32Array;
  /** Takes the events. */
  port: MessagePort;
}

/** How the task ended; errors come back as data, because a structured clone drops their fields. */
export type TaskResult =
  | { outcome: 'finished' | 'stopped' }
  /** The module is another than the sweep began with, and this thread had not loaded it yet. */
  | { outcome: 'edited' }
  | { outcome: 'threw' | 'refused'; error: string; stack: string };

/** Modules that this thread has loaded. They stay what they were, whatever becomes of the file. */
const loaded = new Set<string>();

/** Results of two versions of a model must not stand side by side. */
function isEdited(module: ModelModule | null, baseDirectory: string): boolean {
  if (module === null || loaded.has(module.model)) return false;
  if (modelModule(module.model, baseDirectory).hash !== module.hash) return true;
  loaded.add(module.model);
  return false;
}

/** Runs in a worker thread of the pool. */
export default async function runTask({
  port,
  baseDirectory,
  resumeFrom,
  thread,
  module,
  ...task
}: TrialTask): Promise<TaskResult> {
  Atomics.store(thread, 0, threadId);
  Atomics.store(thread, 1, systemThread());
  try {
    if (isEdited(module, baseDirectory)) return { outcome: 'edited' };
    const { status } = await runTrial({
      ...task,
      folder: baseDirectory,
      ...(resumeFrom === null ? {} : { resumeFrom }),
      emit: (event: TrialEvent) => port.postMessage(event),
    });
    return { outcome: status === 'stopped' ? 'stopped' : 'finished' };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    // What the user gave will be no better the next time.
    const outcome = error instanceof InputError ? 'refused' : 'threw';
    return { outcome, error: message, stack: stack ?? '' };
  } finally {
    // `null` after the last event: a port keeps its order, the promise's result does not wait for it.
    port.postMessage(null);
  }
}
