/**
 * An engine host whose trials train nothing: it says what a trial says, at once. In place of the module that trains, so
 * that what is left is the sweep's own work.
 */
import * as v from 'valibot';
import { ToHostSchema } from '../../../../packages/runner/dist/engine/messages.js';
import { TRIAL_VARIABLE } from '../settings.mjs';

/** @typedef {import('../../../../packages/runner/dist/engine/messages.js').FromHost} FromHost */
/** @typedef {import('../../../../packages/runner/dist/engine/messages.js').ToHost} ToHost */
/** @typedef {Extract<ToHost, { type: 'run' }>} Run */
/** @typedef {Extract<FromHost, { type: 'event' }>['event']} TrialEvent */

/** Steps of an epoch on the embedded digits in batches of 32. */
const STEPS = 45;
const METRICS = { crossEntropy: Math.log(10), penalty: 0.4231187105178833, accuracy: 0.1027777777777777 };
const WEIGHTS = {
  layer: 'Conv1',
  values: Array.from({ length: 10 }, (_, i) => (i - 4.5) / 97),
  norm: 5.19615242270663,
};
const HASH = '0123456789abcdef'.repeat(4);

/** @param {FromHost} message */
const send = (message) => {
  if (process.connected) process.send?.(message);
};

/** Training started, one report, the end. @type {(run: Run) => TrialEvent[]} */
const oneReport = (run) => [started(run), epoch(run, 1, STEPS), done(run)];

/** All that a trial of one epoch says, checkpoints included, though none is written. @type {(run: Run) => TrialEvent[]} */
const realEpoch = (run) => [
  started(run),
  epoch(run, 0, 0),
  { type: 'checkpoint', ...named(run), epoch: 0, step: 0 },
  { type: 'steps', ...named(run), from: 0, ...curve() },
  epoch(run, 1, STEPS),
  { type: 'checkpoint', ...named(run), epoch: 1, step: STEPS },
  done(run),
];

/** @param {Run} run */
const named = ({ trial, attempt }) => ({ trial, attempt });

/** @type {(run: Run) => TrialEvent} */
const started = (run) => ({
  type: 'started',
  ...named(run),
  worker: run.worker,
  totalSteps: STEPS,
  stepsPerEpoch: STEPS,
  epochs: 1,
  classes: 10,
  resumed: null,
});

/** @type {(run: Run, epoch: number, step: number) => TrialEvent} */
const epoch = (run, epoch, step) => ({
  type: 'epoch',
  ...named(run),
  epoch,
  step,
  learningRate: run.config.learningRate,
  train: epoch === 0 ? null : METRICS,
  validation: METRICS,
  weights: WEIGHTS,
  elapsed: 0,
});

/** @type {(run: Run) => TrialEvent} */
const done = (run) => ({ type: 'done', ...named(run), step: STEPS, elapsed: 0, weightsHash: HASH });

const curve = () => {
  const { crossEntropy, penalty, accuracy } = METRICS;
  /** @param {number} value */
  const column = (value) => Array.from({ length: STEPS }, () => value);
  return { crossEntropy: column(crossEntropy), penalty: column(penalty), accuracy: column(accuracy) };
};

const eventsOf = process.env[TRIAL_VARIABLE] === 'epoch' ? realEpoch : oneReport;

process.on('message', (raw) => {
  const message = v.parse(ToHostSchema, raw);
  switch (message.type) {
    case 'prepare': {
      const summary = { name: 'nothing', classes: 10, train: STEPS * 32, validation: 360, hash: HASH };
      const datasets = message.data.map(() => summary);
      const { workers } = message;
      const memory = process.memoryUsage.rss();
      send({ type: 'ready', workers, tensorflow: 'none', memory, datasets, modules: [] });
      return;
    }
    case 'run':
      for (const event of eventsOf(message)) send({ type: 'event', event });
      send({ type: 'ended', ...named(message), outcome: 'finished', error: '', stack: '' });
      return;
    case 'shutdown':
      process.disconnect();
  }
});
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
