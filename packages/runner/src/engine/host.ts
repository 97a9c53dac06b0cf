/**
 * Entry point of the engine host, a process forked by `HostProcess`. It owns TensorFlow, the data and the worker threads;
 * whatever happens to it, the coordinator and the ledger live on. Thread settings come with the environment it is forked
 * with, because libtensorflow reads them once, when it is loaded.
 */
import { join } from 'node:path';
import { type Dataset, loadDataset, tensorflowVersion, warmUp } from '@l2bn/core';
import { InputError, type InputProblem } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { canonicalJson } from '../plan/canonical-json.ts';
import { hostReport } from './host-report.ts';
import { type FromHost, type ToHost, ToHostSchema } from './messages.ts';
import { type ModelModule, modelModule } from './model-modules.ts';
import { TrialPool } from './trial-pool.ts';
import { tryModels } from './try-models.ts';

type Message<T extends ToHost['type']> = Extract<ToHost, { type: T }>;

const datasets = new Map<string, Dataset>();
let baseDirectory = '';
let checkpoints = '';
let modules: ModelModule[] = [];
let pool: TrialPool | undefined;

const send = (message: FromHost): void => {
  // The coordinator is gone when the channel is; `disconnect` ends this process.
  if (process.connected) process.send?.(message);
};

async function prepare(message: Message<'prepare'>): Promise<void> {
  ({ baseDirectory, checkpoints } = message);
  for (const config of message.data) {
    datasets.set(canonicalJson(config), await loadDataset(config, { baseDirectory, path: 'config.data' }));
  }
  // tfjs-node keeps attribute names in a set that threads write without a lock. Once every op has run here, threads only
  // read it. (The build patches a lock in as well; a downloaded binding has none.)
  await warmUp();
  modules = message.modules.map((model) => modelModule(model, baseDirectory));
  await tryModels(message.models, datasetOf, baseDirectory);
  pool = new TrialPool(message.workers, fail);
  send({
    type: 'ready',
    workers: message.workers,
    tensorflow: tensorflowVersion(),
    memory: process.memoryUsage.rss(),
    datasets: message.data.map((config) => {
      const { name, classes, train, validation, hash } = datasetOf(config);
      return { name, classes: classes.length, train: train.count, validation: validation.count, hash };
    }),
    modules,
  });
}

async function run({ type: _, ...task }: Message<'run'>): Promise<void> {
  if (pool === undefined) throw new Error('run before prepare');
  const dataset = datasetOf(task.config.data);
  const checkpointFolder = join(checkpoints, task.trial);
  const module = modules.find(({ model }) => model === task.config.model) ?? null;
  const result = await pool.run({ ...task, dataset, baseDirectory, checkpointFolder, module }, (event) =>
    send({ type: 'event', event }),
  );
  if (result.outcome === 'edited') throw new InputError(editedModel(task.config.model));
  const { trial, attempt } = task;
  const failure = 'error' in result ? result : { error: '', stack: '' };
  send({ type: 'ended', trial, attempt, outcome: result.outcome, error: failure.error, stack: failure.stack });
}

const editedModel = (model: string): InputProblem => ({
  path: 'config.model',
  got: `${model}, which was edited while the sweep ran`,
  want: 'the module that it began with: put it back and go on, or begin anew (--fresh, --output)',
});

/** On its way before anything is done that may never end. */
const tellThreads = (): Promise<void> =>
  new Promise((resolve) => {
    const message: FromHost = { type: 'threads', threads: pool?.systemThreads() ?? [] };
    process.send?.(message, undefined, undefined, () => resolve());
  });

async function report(): Promise<void> {
  try {
    await tellThreads();
    send({ type: 'report', ...hostReport(pool?.threads() ?? new Map()) });
  } catch {
    // The coordinator does without; that there is no report is no reason to end the sweep.
  }
}

function datasetOf(config: Message<'prepare'>['data'][number]): Dataset {
  const dataset = datasets.get(canonicalJson(config));
  if (dataset === undefined) throw new Error(`no data set was prepared for ${canonicalJson(config)}`);
  return dataset;
}

async function handle(message: ToHost): Promise<void> {
  switch (message.type) {
    case 'prepare':
      return prepare(message);
    case 'run':
      return run(message);
    case 'recorded':
      return pool?.recorded(message.trial, message.epoch);
    case 'stop':
      return pool?.stop(message.trial, message.isForGood);
    case 'report':
      return report();
    case 'shutdown':
      await pool?.close();
      process.disconnect();
  }
}

function fail(error: unknown): void {
  if (error instanceof InputError) {
    send({ type: 'refused', problems: [...error.problems] });
  } else {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    send({ type: 'broken', error: message, stack: stack ?? '' });
  }
}

const HEALTH_MS = 5_000;
setInterval(() => send({ type: 'health', memory: process.memoryUsage.rss() }), HEALTH_MS).unref();

process.on('message', (raw) => {
  handle(v.parse(ToHostSchema, raw)).catch(fail);
});
// Without a coordinator nobody records what the trials do.
process.on('disconnect', () => process.exit());
// A terminal sends Ctrl-C and its own end to every process, and service managers SIGTERM; only the coordinator answers.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
