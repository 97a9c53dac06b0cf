/**
 * What the parts of a trial's cost take by themselves, one after the other, on the same plan: the ledger on the disk, the
 * ledger in memory, scheduler and state, the channel to the engine host.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { initialState, SweepReducer } from '@l2bn/core/sweep';
import { Ledger, loadSweep } from '@l2bn/runner';
import { deferred } from '../../../../packages/runner/dist/engine/deferred.js';
import { EngineSupervisor } from '../../../../packages/runner/dist/engine/engine-supervisor.js';
import { Scheduler } from '../../../../packages/runner/dist/schedule/scheduler.js';
import { readTask, takePart } from './protocol.mjs';

/** @typedef {import('@l2bn/core/sweep').SweepPlan} SweepPlan */
/** @typedef {import('@l2bn/core/sweep').TrialEvent} TrialEvent */

/** Trials that each part is measured over, of those that the plan has. */
const TRIALS = 1_000;
const NOOP_HOST = new URL('./noop-host.mjs', import.meta.url);
/** A file system in memory: nothing there waits for a disk. */
const MEMORY = '/dev/shm';

const { sweepFile, folder, jobs } = readTask();

await takePart('', async () => {
  const { plan } = await loadSweep(sweepFile);
  const { events, milliseconds: channel } = await measureChannel(plan);
  const scheduler = measureScheduler(plan, events);
  const ledger = measureLedger(folder, plan, events);
  return { ledger, ledgerInMemory: inMemory(plan, events), scheduler, channel };
});

/** Milliseconds per trial from the order to its last word, `jobs` trials at a time; and what the host said.
 * @param {SweepPlan} plan
 */
async function measureChannel(plan) {
  /** @type {TrialEvent[][]} */
  const events = [];
  /** What the trial that is at work has said; a no-op trial says all of it in one go. @type {TrialEvent[]} */
  let current = [];
  const trials = plan.trials.slice(0, TRIALS);
  let next = 0;
  const run = () => {
    const trial = trials[next++];
    if (trial === undefined) return;
    const { config } = /** @type {SweepPlan['cells'][number]} */ (plan.cells[trial.index]);
    engine.run({ trial: trial.id, attempt: 1, worker: 0, seed: trial.seed, config, resumeFrom: null });
  };
  const ready = deferred();
  const ended = deferred();
  /** @param {Error} error */
  const fail = (error) => {
    ready.reject(error);
    ended.reject(error);
  };
  const options = { plan, folder, baseDirectory: folder, workers: jobs, hostEntry: NOOP_HOST };
  const engine = new EngineSupervisor(options, {
    onReady: () => ready.resolve(undefined),
    onEvent: (event) => current.push(event),
    onEnded: () => {
      events.push(current);
      current = [];
      run();
      if (events.length === trials.length) ended.resolve(undefined);
    },
    onLost: ({ reason, output }) => fail(new Error(`the host ended: ${reason}\n${output}`)),
    onRefused: fail,
    onBroken: (reason) => fail(new Error(reason)),
  });
  ended.promise.catch(() => {});
  engine.start();
  await ready.promise;
  const started = performance.now();
  for (let job = 0; job < jobs; job++) run();
  await ended.promise;
  const milliseconds = (performance.now() - started) / trials.length;
  await engine.shutdown();
  return { events, milliseconds };
}

/** Milliseconds per trial to lease it, to apply its events to the state and to finish it.
 * @param {SweepPlan} plan
 * @param {TrialEvent[][]} events
 */
function measureScheduler(plan, events) {
  const reducer = new SweepReducer(initialState(plan));
  const scheduler = new Scheduler(reducer, { workers: 1, retries: 0 });
  let seq = 0;
  const started = performance.now();
  for (const told of events) {
    const lease = scheduler.lease();
    if (lease === undefined) throw new Error('the scheduler has nothing to lease');
    const { trial, attempt, worker } = lease;
    reducer.apply({ seq: ++seq, at: 0, event: { type: 'leased', trial: trial.id, attempt, worker } });
    for (const event of told) reducer.apply({ seq: ++seq, at: 0, event });
    scheduler.finish(trial.id);
  }
  return (performance.now() - started) / events.length;
}

/** Milliseconds per trial to write its events.
 * @param {string} parent
 * @param {SweepPlan} plan
 * @param {TrialEvent[][]} events
 */
function measureLedger(parent, plan, events) {
  const ledger = Ledger.open(join(parent, 'parts'), plan);
  const started = performance.now();
  for (const told of events) {
    const { trial, attempt } = /** @type {TrialEvent} */ (told[0]);
    ledger.append({ type: 'leased', trial, attempt, worker: 0 });
    for (const event of told) ledger.append(event);
  }
  const milliseconds = (performance.now() - started) / events.length;
  ledger.close();
  return milliseconds;
}

/** @type {(plan: SweepPlan, events: TrialEvent[][]) => number | null} */
function inMemory(plan, events) {
  if (!existsSync(MEMORY)) return null;
  const parent = mkdtempSync(join(MEMORY, 'l2bn-bench-'));
  try {
    return measureLedger(parent, plan, events);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}
