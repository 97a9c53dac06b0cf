import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlCommand, InputError, type Metrics, type SweepEvent } from '@l2bn/core/sweep';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EngineEvents } from '../engine/engine-supervisor.ts';
import { temporaryFolder } from '../fixtures/folder.ts';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { SimulatedEngine } from '../fixtures/simulated-engine.ts';
import { LedgerInUseError } from '../ledger/ledger.ts';
import { readEvents, readKept } from '../ledger/read-ledger.ts';
import { Coordinator, type CoordinatorOptions } from './coordinator.ts';
import { MAX_HOST_DEATHS } from './scheduler.ts';

const METRICS: Metrics = { crossEntropy: 1, penalty: 0, accuracy: 0.5 };
const PLAN = planOf({ ...FOUR_ARMS, config: { epochs: 2 } });

/** What passes between engine and coordinator, for a test to step in. */
type Between = (events: EngineEvents) => Partial<EngineEvents>;

function setUp({ between = () => ({}), ...options }: Partial<CoordinatorOptions> & { between?: Between } = {}) {
  const folder = options.folder ?? temporaryFolder();
  let engine!: SimulatedEngine;
  let events!: EngineEvents;
  const coordinator = new Coordinator({
    plan: PLAN,
    baseDirectory: folder,
    workers: 1,
    retries: 0,
    ...options,
    folder,
    createEngine: (_, all) => {
      events = { ...all, ...between(all) };
      engine = new SimulatedEngine({ events, validation: () => METRICS, duration: () => 1 });
      return engine;
    },
  });
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await coordinator.close();
    isClosed = true;
  };
  onTestFinished(close);
  const recorded = () => coordinator.eventsAfter(0, -1).map(({ event }) => event);
  return {
    coordinator,
    close,
    folder,
    engine,
    events,
    phases: () => phasesIn(recorded()),
    statuses: () => coordinator.state.trials.map(({ status }) => status),
    /** Starts the sweep; its engine is ready then. */
    async run() {
      const outcome = coordinator.run();
      outcome.catch(() => {});
      await new Promise(setImmediate);
      return { outcome };
    },
    /** Trains until this many trials have a result. */
    trainUntil(finished: number) {
      while (coordinator.state.counts.done < finished) engine.step();
    },
  };
}

const phasesIn = (events: SweepEvent[]) => events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []));

describe('Coordinator', () => {
  it('goes from preparing over running to finished', async () => {
    const { run, phases, trainUntil, statuses, coordinator } = setUp();
    const { outcome } = await run();
    expect(coordinator.isComplete).toBe(false);
    trainUntil(4);
    expect(await outcome).toEqual({ status: 'finished' });
    expect(phases()).toEqual(['preparing', 'running', 'finished']);
    expect(statuses()).toEqual(['done', 'done', 'done', 'done']);
    expect(coordinator.isComplete).toBe(true);
  });

  it('runs nothing of a complete sweep, and says finished once', async () => {
    const first = setUp();
    await first.run();
    first.trainUntil(4);
    await first.close();
    const again = setUp({ folder: first.folder });
    expect(await again.coordinator.run()).toEqual({ status: 'finished' });
    expect(again.phases()).toEqual(['preparing', 'running', 'finished']);
    expect(again.engine.epochs).toBe(0);
  });

  it('stops at the next step, and another one goes on from there', async () => {
    const { run, phases, trainUntil, statuses, engine, coordinator, folder, close } = setUp({ workers: 2 });
    const { outcome } = await run();
    trainUntil(1);
    coordinator.stop();
    expect(coordinator.control({ do: 'pause' })).toEqual({ ok: false, text: 'the sweep is ending' });
    while (engine.step());
    expect(await outcome).toEqual({ status: 'stopped' });
    expect(phases()).toEqual(['preparing', 'running', 'stopping', 'stopped']);
    expect(statuses()).toContain('interrupted');
    expect(coordinator.isComplete).toBe(false);
    await close();

    const next = setUp({ folder });
    const { outcome: end } = await next.run();
    next.trainUntil(4);
    expect(await end).toEqual({ status: 'finished' });
  });

  it.each(['the only one', 'the last one'])('is stopped while %s of its trials is interrupted', async (which) => {
    const { run, trainUntil, engine, coordinator, statuses } = setUp();
    const { outcome } = await run();
    if (which === 'the last one') trainUntil(3);
    coordinator.stop();
    while (engine.step());
    expect(await outcome).toEqual({ status: 'stopped' });
    expect(statuses()).toContain('interrupted');
  });

  it('is finished where it was stopped while its last trial ended: there is nothing to go on with', async () => {
    const { run, phases, trainUntil, coordinator } = setUp({
      between: (events) => ({
        onEvent(event) {
          events.onEvent(event);
          if (event.type === 'done' && coordinator.state.counts.done === PLAN.trials.length) coordinator.stop();
        },
      }),
    });
    const { outcome } = await run();
    trainUntil(4);
    expect(await outcome).toEqual({ status: 'finished' });
    expect(phases()).toEqual(['preparing', 'running', 'stopping', 'finished']);
  });

  it('is stopped at once before it has begun, and starts nothing', async () => {
    const { coordinator, phases, engine } = setUp();
    coordinator.stop();
    expect(await coordinator.run()).toEqual({ status: 'stopped' });
    expect(phases()).toEqual(['stopping', 'stopped']);
    expect(engine.takesWork).toBe(false);
  });

  it('records what ran when it is killed, and starts the engine no more', async () => {
    const { run, phases, coordinator, statuses, engine } = setUp({ workers: 2 });
    const { outcome } = await run();
    engine.step();
    coordinator.kill();
    expect(await outcome).toEqual({ status: 'stopped' });
    expect(statuses()).toEqual(['interrupted', 'interrupted', 'planned', 'planned']);
    expect(phases()).toEqual(['preparing', 'running', 'stopped']);
  });

  it('does not hold it against a trial that the user has killed its host, after others that died', async () => {
    const { run, coordinator, engine, statuses } = setUp();
    const { outcome } = await run();
    for (let death = 1; death < MAX_HOST_DEATHS; death++) {
      engine.kill();
      await new Promise(setImmediate);
    }
    coordinator.kill();
    expect(await outcome).toEqual({ status: 'stopped' });
    expect(statuses()[0]).toBe('interrupted');
  });

  it('says why it was killed that did not stop', async () => {
    const { run, coordinator, folder } = setUp();
    const { outcome } = await run();
    coordinator.stop();
    coordinator.kill('killed, because it did not stop');
    coordinator.kill();
    expect(await outcome).toEqual({ status: 'stopped' });
    const reasons = readEvents(folder).flatMap(({ event }) => (event.type === 'interrupted' ? [event.reason] : []));
    expect(reasons).toEqual(['killed, because it did not stop']);
  });

  it('goes on with a new engine host when one dies', async () => {
    const { run, phases, trainUntil, engine } = setUp();
    const { outcome } = await run();
    engine.step();
    engine.kill();
    await new Promise(setImmediate);
    trainUntil(4);
    expect(await outcome).toEqual({ status: 'finished' });
    expect(phases()).toEqual(['preparing', 'running', 'preparing', 'running', 'finished']);
  });

  it('keeps a pause and the number of workers when the engine host dies', async () => {
    const { run, engine, coordinator, statuses, trainUntil } = setUp({ maxWorkers: 3 });
    const { outcome } = await run();
    const after = () => ({ phase: coordinator.state.phase, workers: coordinator.state.workers, statuses: statuses() });
    coordinator.control({ do: 'workers', count: 3 });
    coordinator.control({ do: 'pause' });
    engine.kill();
    await new Promise(setImmediate);
    const waiting = ['interrupted', 'interrupted', 'interrupted', 'planned'];
    expect(after()).toEqual({ phase: 'paused', workers: 3, statuses: waiting });
    expect(engine.step()).toBe(false);
    coordinator.control({ do: 'resume' });
    expect(after()).toEqual({ phase: 'running', workers: 3, statuses: ['running', 'running', 'running', 'planned'] });
    coordinator.control({ do: 'workers', count: 2 });
    // As far as none had been before: nobody is suspected of the next death.
    for (let trial = 0; trial < 3; trial++) engine.step();
    engine.kill();
    await new Promise(setImmediate);
    expect(after()).toMatchObject({ phase: 'running', workers: 2 });
    expect(coordinator.state.counts).toMatchObject({ running: 2, interrupted: 1 });
    trainUntil(4);
    expect(await outcome).toEqual({ status: 'finished' });
  });

  it('rejects with what is wrong with the input', async () => {
    const { run, phases, events } = setUp();
    const { outcome } = await run();
    const error = new InputError({ path: 'config.data', got: 'no images', want: 'some' });
    events.onRefused(error);
    await expect(outcome).rejects.toBe(error);
    expect(phases()).toEqual(['preparing', 'running', 'stopped']);
  });

  it('refuses data that has changed since a trial came to a result', async () => {
    const dataset = { name: 'digits', train: 1, validation: 1, classes: 10 };
    const ready = (hash: string): Between => {
      return (events) => ({ onReady: (message) => events.onReady({ ...message, datasets: [{ ...dataset, hash }] }) });
    };
    const first = setUp({ between: ready('aa') });
    await first.run();
    first.trainUntil(1);
    await first.close();
    const second = setUp({ folder: first.folder, between: ready('bb') });
    const { outcome } = await second.run();
    await expect(outcome).rejects.toThrow(/config\.data: got digits with other images or labels than before/);
    expect(second.phases().at(-1)).toBe('stopped');
    expect(second.engine.epochs).toBe(0);
  });

  it('ends as broken with the reason of an engine that cannot be had', async () => {
    const { run, events } = setUp();
    const { outcome } = await run();
    events.onBroken('no TensorFlow');
    expect(await outcome).toEqual({ status: 'broken', reason: 'no TensorFlow' });
  });

  it('stops at the limit of failed trials, and not before', async () => {
    const { run, phases, events, coordinator, statuses } = setUp({ stopAfterFailures: 2 });
    const { outcome } = await run();
    const fail = (index: number) => {
      const trial = PLAN.trials[index]!.id;
      events.onEnded({ type: 'ended', trial, attempt: 1, outcome: 'threw', error: 'too deep', stack: '' });
    };
    fail(0);
    expect(coordinator.state.phase).toBe('running');
    fail(1);
    expect(await outcome).toEqual({ status: 'stopped' });
    expect(statuses()).toEqual(['failed', 'failed', 'planned', 'planned']);
    expect(phases()).toEqual(['preparing', 'running', 'stopping', 'stopped']);
  });

  it('is finished where the limit of failed trials is reached with the last one', async () => {
    const { run, trainUntil, events } = setUp({ stopAfterFailures: 1 });
    const { outcome } = await run();
    trainUntil(3);
    const trial = PLAN.trials[3]!.id;
    events.onEnded({ type: 'ended', trial, attempt: 1, outcome: 'threw', error: 'too deep', stack: '' });
    expect(await outcome).toEqual({ status: 'finished' });
  });

  it('tells of nothing that is not on disk', async () => {
    const { run, trainUntil, coordinator, folder } = setUp();
    let last = 0;
    coordinator.on('events', (events) => {
      last = events.at(-1)!.seq;
      expect([...readEvents(folder)].at(-1)?.seq).toBe(last);
    });
    await run();
    trainUntil(1);
    expect(last).toBe(coordinator.state.seq);
  });

  it.each<ControlCommand>([
    { do: 'pause' },
    { do: 'stop' },
    { do: 'cancel', trial: PLAN.trials[0]!.id },
    { do: 'cancel', trial: PLAN.trials[3]!.id },
    { do: 'retry', trial: PLAN.trials[1]!.id },
    { do: 'workers', count: 1 },
  ])('does not say that it has done what the ledger has not taken: %j', async (command) => {
    const { run, coordinator, folder, events } = setUp();
    const { outcome } = await run();
    const trial = PLAN.trials[0]!.id;
    events.onEnded({ type: 'ended', trial, attempt: 1, outcome: 'threw', error: 'too deep', stack: '' });
    const next = PLAN.trials[1]!.id;
    coordinator.control({ do: 'cancel', trial: next });
    events.onEnded({ type: 'ended', trial: next, attempt: 1, outcome: 'stopped', error: '', stack: '' });
    coordinator.control({ do: 'retry', trial });
    renameSync(join(folder, 'ledger.db'), join(folder, 'elsewhere.db'));
    expect(coordinator.control(command)).toEqual({
      ok: false,
      text: expect.stringMatching(/^the ledger cannot be written: .*ledger\.db was deleted or moved away$/),
    });
    expect(await outcome).toMatchObject({ status: 'broken' });
  });

  it('blames no trial for a machine on which nothing can be trained', async () => {
    const { run, engine, statuses, phases, coordinator, folder, close } = setUp({ workers: 2 });
    const { outcome } = await run();
    while (coordinator.state.phase !== 'stopped') {
      engine.kill();
      await new Promise(setImmediate);
    }
    expect(await outcome).toEqual({ status: 'broken', reason: expect.stringContaining('nothing can be trained here') });
    expect(statuses()).not.toContain('failed');
    expect(phases().at(-1)).toBe('stopped');
    await close();
    const next = setUp({ folder });
    const { outcome: end } = await next.run();
    next.trainUntil(4);
    expect(await end).toEqual({ status: 'finished' });
  });

  it('blames the trials where others train', async () => {
    const killers = PLAN.trials.slice(0, 2).map(({ id }) => id);
    const { run, engine, statuses, coordinator } = setUp();
    const { outcome } = await run();
    while (!coordinator.isComplete) {
      const running = coordinator.state.trials.find(({ status }) => status === 'running');
      // The first one kills after it has trained a step, the second one at once.
      if (running !== undefined && running.id === killers[0] && running.attempt === 1)
        for (let i = 0; i < 2; i++) engine.step();
      if (killers.includes(running?.id ?? '')) engine.kill();
      else engine.step();
      await new Promise(setImmediate);
    }
    expect(await outcome).toEqual({ status: 'finished' });
    expect(statuses()).toEqual(['failed', 'failed', 'done', 'done']);
  });

  it('drops and counts what an attempt says that has ended', async () => {
    const { run, engine, events, coordinator, folder, close } = setUp();
    await run();
    engine.step();
    engine.kill();
    await new Promise(setImmediate);
    const { seq } = coordinator.state;
    const late = { trial: PLAN.trials[0]!.id, attempt: 1 };
    events.onEvent({ type: 'checkpoint', ...late, epoch: 2, step: 20 });
    events.onEvent({ type: 'done', ...late, step: 20, elapsed: 0, weightsHash: 'zombie' });
    events.onEnded({ type: 'ended', ...late, outcome: 'finished', error: '', stack: '' });
    expect(coordinator.state.seq).toBe(seq);
    expect(coordinator.state.trials[0]).toMatchObject({ status: 'running', attempt: 2, checkpoint: { epoch: 0 } });
    await close();
    expect(readKept(folder, 'dropped reports')).toBe('2');
  });

  it('has a running trial cancelled on disk before it says so', async () => {
    const { run, coordinator, folder, engine } = setUp();
    await run();
    engine.step();
    const trial = PLAN.trials[0]!.id;
    expect(coordinator.control({ do: 'cancel', trial })).toMatchObject({ ok: true });
    expect(readEvents(folder).at(-1)?.event).toEqual({ type: 'cancelled', trial, attempt: 1 });
  });

  it('removes the checkpoints that nobody can use once the last attempt has ended, and none before', async () => {
    const { run, coordinator, folder, engine, events, trainUntil } = setUp();
    const files = (index: number) => readdirSync(join(folder, 'checkpoints', PLAN.trials[index]!.id));
    for (const { id } of PLAN.trials) {
      const own = join(folder, 'checkpoints', id);
      mkdirSync(own, { recursive: true });
      for (const epoch of [0, 1, 2]) writeFileSync(join(own, `epoch-${epoch}.ckpt`), '');
    }
    await run();
    trainUntil(1);
    expect(files(0)).toEqual(['epoch-2.ckpt']);
    const [, cancelled, failed, killed] = PLAN.trials.map(({ id }) => id);
    while (coordinator.state.trials[1]!.checkpoint === null) engine.step();
    coordinator.control({ do: 'cancel', trial: cancelled! });
    expect(files(1)).toHaveLength(3);
    engine.step();
    expect(files(1)).toEqual(['epoch-0.ckpt']);
    engine.step();
    events.onEnded({ type: 'ended', trial: failed!, attempt: 1, outcome: 'threw', error: 'too deep', stack: '' });
    expect(files(2)).toEqual(['epoch-0.ckpt']);
    coordinator.control({ do: 'cancel', trial: killed! });
    expect(files(3)).toHaveLength(3);
    engine.kill();
    expect(existsSync(join(folder, 'checkpoints', killed!))).toBe(false);
  });

  it.each([
    [1, 0, 'the last event that was recorded'],
    [5, 4, 'the last 5 events that were recorded'],
  ])('says once that recorded events are gone: %i, with %i trials that have their result', async (lost, done, text) => {
    const { folder, close, run, trainUntil } = setUp();
    await run();
    trainUntil(done);
    await close();
    writeFileSync(join(folder, 'ledger.mark'), String(readEvents(folder).length + lost));
    const detail = expect.stringMatching(new RegExp(`^${text} (is|are) gone: ledger\\.db-wal was deleted, or .*`));
    for (const said of [[{ type: 'phase', phase: done === 4 ? 'finished' : 'preparing', detail, at: 0 }], []]) {
      const before = readEvents(folder).length;
      const again = setUp({ folder });
      await again.run();
      const phases = again.coordinator
        .eventsAfter(before, -1)
        .flatMap(({ event }) => (event.type === 'phase' ? event : []));
      expect(phases.filter((event) => event.detail?.includes('gone')).map((event) => ({ ...event, at: 0 }))).toEqual(
        said,
      );
      await again.close();
    }
  });

  it('has its folder alone, and records what a killed one left running as interrupted', async () => {
    const { run, engine, folder, close } = setUp();
    await run();
    engine.step();
    expect(() => setUp({ folder })).toThrow(LedgerInUseError);
    await close();
    const { coordinator: next } = setUp({ folder });
    expect(next.state.trials[0]).toMatchObject({ status: 'interrupted', attempt: 1 });
  });
});
