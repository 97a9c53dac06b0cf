import { Worker } from 'node:worker_threads';
import type { Dataset } from '@l2bn/core';
import { InputError, type TrialConfig } from '@l2bn/core/sweep';
import type { MeasureData, MeasureResult, MeasureTask } from './measure-worker.ts';
import { eachPart, type ShapeCost } from './shape-cost.ts';

const flag = () => new Int32Array(new SharedArrayBuffer(4));

/** Learning rate at which nothing diverges while it is timed. */
const SMALL_LEARNING_RATE = 1e-6;
/** More than any measuring comes to. */
const EPOCHS = 1_000_000;

export interface MeasureOptions {
  /** Threads that train at the same time. */
  together: number;
  baseDirectory: string;
  /** Takes checkpoints; whoever made it removes it. */
  temporaryFolder: string;
  datasetOf: (config: TrialConfig) => Dataset;
  /** Called with the number of shapes that are measured. */
  onProgress: (measured: number) => void;
  /** Called for a shape whose model cannot be trained. */
  onRefused: (error: InputError, config: TrialConfig) => void;
}

export interface Measurements {
  /** In the order of the shapes; null where no step came through. */
  costs: (ShapeCost | null)[];
  /** Time that a thread takes to load TensorFlow, in ms. */
  threadStart: number;
}

/**
 * The cost of each shape of step. As many train at a time as `together` says, if need be
 * the same shape several times: cores share caches and memory, so a step takes longer beside others.
 *
 * TensorFlow must be warmed up in this thread.
 */
export async function measureShapes(
  configs: readonly TrialConfig[],
  { together, baseDirectory, temporaryFolder, datasetOf, onProgress, onRefused }: MeasureOptions,
): Promise<Measurements> {
  const lanes: { shapes: number[]; tasks: MeasureTask[] }[] = Array.from({ length: together }, () => ({
    shapes: [],
    tasks: [],
  }));
  for (let first = 0; first < configs.length; first += together) {
    const round = { ready: flag(), measured: flag(), isOver: flag() };
    const inRound = Math.min(together, configs.length - first);
    for (const [index, { shapes, tasks }] of lanes.entries()) {
      const shape = first + (index % inRound);
      const { patience: _, ...config } = configs[shape]!;
      const quiet = { ...config, epochs: EPOCHS, learningRate: SMALL_LEARNING_RATE };
      shapes.push(shape);
      tasks.push({ config: quiet, dataset: datasetOf(config), together, ...round });
    }
  }
  const costs: ShapeCost[][] = configs.map(() => []);
  const measured = new Set<number>();
  let threadStart = 0;
  // A thread's clock starts with the thread or with the process, by version of Node.
  const startedAt = performance.timeOrigin + performance.now();
  await Promise.all(
    lanes.map(({ shapes, tasks }) => {
      const waiting = [...shapes];
      return runLane({ tasks, baseDirectory, temporaryFolder }, (result) => {
        if ('loadedAt' in result) {
          threadStart = Math.max(threadStart, result.loadedAt - startedAt);
          return;
        }
        const shape = waiting.shift()!;
        if ('problems' in result) onRefused(new InputError(...result.problems), configs[shape]!);
        else if (result.cost !== null) costs[shape]!.push(result.cost);
        onProgress(measured.add(shape).size);
      });
    }),
  );
  return { costs: costs.map(mean), threadStart };
}

/** Runs the tasks in a thread of their own; rejects with what it throws. */
async function runLane(workerData: MeasureData, onResult: (result: MeasureResult) => void): Promise<void> {
  const worker = new Worker(new URL('./measure-worker.js', import.meta.url), { workerData });
  await new Promise<void>((resolve, reject) => {
    worker.on('message', onResult);
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

const mean = (costs: readonly ShapeCost[]): ShapeCost | null =>
  costs.length === 0 ? null : eachPart((part) => costs.reduce((sum, cost) => sum + cost[part], 0) / costs.length);
