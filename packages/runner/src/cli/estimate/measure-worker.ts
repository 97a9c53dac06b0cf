/**
 * A thread that times training steps, beside others that do the same: as a trial of a sweep runs. It runs real trials, by
 * the function that a sweep runs them with, on the whole training data, and ends them after a while.
 */
import { join } from 'node:path';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { type Dataset, runTrial, STOPPED } from '@l2bn/core';
import { InputError, type InputProblem, type TrialConfig, type TrialEvent } from '@l2bn/core/sweep';
import type { ShapeCost } from './shape-cost.ts';

export interface MeasureTask {
  config: TrialConfig;
  dataset: Dataset;
  /** Trials that are measured at the same time as this one. */
  together: number;
  /** How many of them are compiled, how many are measured. */
  ready: Int32Array;
  measured: Int32Array;
  /** Set when all are measured. */
  isOver: Int32Array;
}

export interface MeasureData {
  /** One after another. */
  tasks: MeasureTask[];
  baseDirectory: string;
  /** Takes checkpoints. */
  temporaryFolder: string;
}

/**
 * First when the thread was loaded, in ms since 1970; then of each task its cost, null if it did not come to a step, or why it
 * cannot run.
 */
export type MeasureResult = { loadedAt: number } | { cost: ShapeCost | null } | { problems: InputProblem[] };

/** Time that steps are measured for, in ms, and the fewest that are. */
const MEASURED_MS = 1_500;
const FEWEST_STEPS = 3;
/** Validation images are measured by so many batches. */
const VALIDATION_BATCHES = 3;

const { tasks, baseDirectory, temporaryFolder } = workerData as MeasureData;
const say = (result: MeasureResult) => parentPort?.postMessage(result);
say({ loadedAt: performance.timeOrigin + performance.now() });
for (const task of tasks) say(await measure(task));

async function measure(task: MeasureTask): Promise<MeasureResult> {
  let cold: Timing;
  try {
    cold = await timeTrial(task, ({ steps }) => steps > 0).finally(() => arriveAndWait(task.ready, task.together));
  } catch (error) {
    finishMeasuring(task);
    if (error instanceof InputError) return { problems: [...error.problems] };
    return {
      problems: [{ path: 'model', got: `a training step that threw ${String(error)}`, want: 'one that trains' }],
    };
  }
  const warm = await timeTrial(task, ({ training, steps }) => training >= MEASURED_MS && steps >= FEWEST_STEPS);
  finishMeasuring(task);
  // The others are to be measured beside a neighbour to the end.
  while (Atomics.load(task.isOver, 0) === 0) await timeTrial(task, () => false);
  return { cost: costOf(cold, warm) };
}

function arriveAndWait(count: Int32Array, all: number): void {
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
  for (let arrived = Atomics.load(count, 0); arrived < all; arrived = Atomics.load(count, 0)) {
    Atomics.wait(count, 0, arrived);
  }
}

function finishMeasuring({ measured, together, isOver }: MeasureTask): void {
  if (Atomics.add(measured, 0, 1) + 1 === together) Atomics.store(isOver, 0, 1);
}

/** Sums over a trial, in ms. */
interface Timing {
  setup: number;
  training: number;
  steps: number;
  validation: number;
  batches: number;
  ends: number;
  epochs: number;
  total: number;
}

/** Runs a trial until `isEnough` or until all are measured, and takes the time between its events. */
async function timeTrial({ config, dataset, isOver }: MeasureTask, isEnough: (timing: Timing) => boolean) {
  const timing: Timing = { setup: 0, training: 0, steps: 0, validation: 0, batches: 0, ends: 0, epochs: 0, total: 0 };
  const begin = performance.now();
  let last = begin;
  const sinceLast = () => {
    const now = performance.now();
    const passed = now - last;
    last = now;
    return passed;
  };
  const validation = { ...dataset.validation };
  validation.count = Math.min(validation.count, VALIDATION_BATCHES * config.batchSize);
  const batches = Math.ceil(validation.count / config.batchSize);
  const stopFlag = new Int32Array(new SharedArrayBuffer(4));
  await runTrial({
    trial: 'measure',
    attempt: 1,
    worker: 0,
    seed: 1,
    config,
    dataset: { ...dataset, validation },
    folder: baseDirectory,
    checkpointFolder: join(temporaryFolder, String(threadId)),
    stopFlag,
    emit: (event: TrialEvent) => {
      if (event.type === 'started') timing.setup += sinceLast();
      if (event.type === 'steps') {
        timing.training += sinceLast();
        timing.steps += event.crossEntropy.length;
        if (isEnough(timing) || Atomics.load(isOver, 0) !== 0) stopFlag[0] = STOPPED;
      } else if (event.type === 'epoch') {
        timing.validation += sinceLast();
        timing.batches += batches;
      } else if (event.type === 'checkpoint') {
        timing.ends += sinceLast();
        timing.epochs++;
      }
    },
  });
  timing.total = performance.now() - begin;
  return timing;
}

/** The first trial of a thread also compiles its graphs, some of them only when a batch comes. */
function costOf(cold: Timing, warm: Timing): ShapeCost | null {
  if (warm.steps === 0 || warm.batches === 0) return null;
  const step = warm.training / warm.steps;
  const evaluate = warm.validation / warm.batches;
  const epochEnd = warm.epochs === 0 ? 0 : warm.ends / warm.epochs;
  const other = cold.steps * step + cold.batches * evaluate + cold.epochs * epochEnd;
  const setup = Math.max(0, warm.total - warm.training - warm.validation - warm.ends);
  return { first: Math.max(setup, cold.total - other), setup, step, evaluate, epochEnd };
}
