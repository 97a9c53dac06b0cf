import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TrialEvent } from '../sweep/events.ts';
import { ENGINES, OPTIMIZERS, type TrialConfigInput } from '../sweep/trial-config.ts';
import { readCheckpoint } from './checkpoint-file.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { runRecorded } from './fixtures/trials.ts';
import type { RunTrialOptions } from './run-trial.ts';
import type { TrialResult } from './trainer.ts';

const hashOf = (result: TrialResult) => (result.status === 'done' ? result.weightsHash : result.status);

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'l2bn-checkpoint-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const COMBINATIONS = ENGINES.flatMap((engine) => OPTIMIZERS.map((optimizer) => ({ engine, optimizer })));
const STEPS_PER_EPOCH = 6;

type Run = Awaited<ReturnType<typeof runRecorded>>;

/** Every number that attempts have told, but times. */
const numbersOf = (...attempts: Run[]) => ({
  steps: attempts.flatMap(({ eventsOf }) =>
    eventsOf('steps').flatMap(({ from, crossEntropy, penalty, accuracy }) =>
      crossEntropy.map((value, i) => ({ step: from + i, value, penalty: penalty[i], accuracy: accuracy[i] })),
    ),
  ),
  epochs: attempts.flatMap(({ eventsOf }) => eventsOf('epoch').map(({ elapsed: _, attempt: __, ...epoch }) => epoch)),
  hash: hashOf(attempts.at(-1)!.result),
});

/** Runs a trial that is stopped once it has done so many batches. */
function runUntil(batches: number, config: TrialConfigInput, options: Partial<RunTrialOptions>): Promise<Run> {
  const stopFlag = new Int32Array(new SharedArrayBuffer(4));
  let done = 0;
  const onBatchEnd = () => {
    if (++done === batches) Atomics.store(stopFlag, 0, 1);
  };
  return runRecorded(config, { ...options, stopFlag, callbacks: [{ onBatchEnd }] });
}

describe.each(COMBINATIONS)('a trial of the $engine engine with $optimizer', ({ engine, optimizer }) => {
  it('ends in the same bits when it is stopped and goes on from that step', async () => {
    const config = { engine, optimizer, epochs: 3, l2: 1e-3, learningRate: 0.01 };
    const whole = await runRecorded(config, {});
    const checkpointFolder = temporaryFolder();
    const first = await runUntil(14, config, { checkpointFolder });
    expect(first.result.status).toBe('stopped');
    expect(first.events.at(-1)).toMatchObject({ type: 'checkpoint', epoch: 2, step: 14 });

    const resumeFrom = { epoch: 2, step: 14 };
    const second = await runRecorded(config, { checkpointFolder, resumeFrom, attempt: 2 });
    expect(second.events[0]).toMatchObject({ type: 'started', resumed: resumeFrom });
    expect(numbersOf(first, second)).toEqual(numbersOf(whole));

    // Of what was recorded only up to the epoch.
    const earlier = await runRecorded(config, { checkpointFolder, resumeFrom: { epoch: 3, step: 18 }, attempt: 3 });
    expect(earlier.events[0]).toMatchObject({ type: 'started', resumed: { epoch: 3, step: 18 } });
    expect(hashOf(earlier.result)).toBe(hashOf(whole.result));
  });
});

describe.each(ENGINES)('a stopped trial of the %s engine', (engine) => {
  const config = { engine, optimizer: 'adam', epochs: 3, patience: 3 } as const;

  it('goes on where it was, as often as it is stopped, also in a first epoch and in the validation', async () => {
    const whole = await runRecorded(config, {});
    const checkpointFolder = temporaryFolder();
    // After the last batch of an epoch it is in the validation that a trial sees the flag.
    const stops = [
      { batches: 2, at: { epoch: 0, step: 2 } },
      { batches: 3, at: { epoch: 0, step: 5 } },
      { batches: 1, at: { epoch: 0, step: STEPS_PER_EPOCH } },
      { batches: 8, at: { epoch: 2, step: 14 } },
    ];
    const attempts: Run[] = [];
    let resumed: { epoch: number; step: number } | null = null;
    for (const { batches, at } of stops) {
      const attempt = await runUntil(batches, config, {
        checkpointFolder,
        ...(resumed === null ? {} : { resumeFrom: resumed }),
      });
      expect(attempt.result).toMatchObject({ status: 'stopped', step: at.step });
      expect(attempt.eventsOf('started')[0]).toMatchObject({ resumed });
      expect(attempt.events.at(-1)).toMatchObject({ type: 'checkpoint', ...at });
      const kept = readCheckpoint(join(checkpointFolder, `epoch-${at.epoch}-stopped.ckpt`));
      expect(kept?.validation).toBe(whole.eventsOf('epoch')[at.epoch]!.validation.crossEntropy);
      attempts.push(attempt);
      resumed = at;
    }
    attempts.push(await runRecorded(config, { checkpointFolder, resumeFrom: resumed! }));
    expect(numbersOf(...attempts)).toEqual(numbersOf(whole));
    expect(attempts.flatMap(({ eventsOf }) => eventsOf('checkpointFailed'))).toEqual([]);
    expect(readdirSync(checkpointFolder).sort()).toEqual(['best.ckpt', 'epoch-3.ckpt']);
  });

  it('needs no checkpoint of its own where no batch of an epoch is done', async () => {
    const checkpointFolder = temporaryFolder();
    const stopFlag = new Int32Array(new SharedArrayBuffer(4));
    const onEpochEnd = () => void Atomics.store(stopFlag, 0, 1);
    const { result, eventsOf } = await runRecorded(config, { checkpointFolder, stopFlag, callbacks: [{ onEpochEnd }] });
    expect(result.status).toBe('stopped');
    expect(eventsOf('checkpoint').map(({ epoch, step }) => [epoch, step])).toEqual([
      [0, 0],
      [1, STEPS_PER_EPOCH],
    ]);
    expect(readdirSync(checkpointFolder).some((name) => name.includes('stopped'))).toBe(false);
  });

  it('goes on from the epoch before where the state at the stop was not recorded, or is lost', async () => {
    const whole = await runRecorded(config, {});
    const checkpointFolder = temporaryFolder();
    await runUntil(14, config, { checkpointFolder });
    const kept = temporaryFolder();
    cpSync(checkpointFolder, kept, { recursive: true });
    const unrecorded = await runRecorded(config, { checkpointFolder, resumeFrom: { epoch: 2, step: 12 } });
    truncateSync(join(kept, 'epoch-2-stopped.ckpt'), 100);
    const lost = await runRecorded(config, { checkpointFolder: kept, resumeFrom: { epoch: 2, step: 14 } });
    for (const { events, eventsOf, result } of [unrecorded, lost]) {
      expect(eventsOf('started')[0]).toMatchObject({ resumed: { epoch: 2, step: 12 } });
      expect(hashOf(result)).toBe(hashOf(whole.result));
      expect(events.filter(({ type }) => type === 'checkpointFailed').length).toBe(events === lost.events ? 1 : 0);
    }
    expect(lost.eventsOf('checkpointFailed')[0]!.error).toBe('epoch-2-stopped.ckpt is damaged; going on after epoch 2');
  });

  it('tells its callbacks the number of the batch that it goes on with', async () => {
    const checkpointFolder = temporaryFolder();
    await runUntil(9, config, { checkpointFolder });
    const heard: [string, number][] = [];
    await runRecorded(config, {
      checkpointFolder,
      resumeFrom: { epoch: 1, step: 9 },
      callbacks: [
        {
          onEpochBegin: (epoch) => void heard.push(['epoch', epoch]),
          onBatchBegin: (batch) => void heard.push(['batch', batch]),
        },
      ],
    });
    expect(heard.slice(0, 4)).toEqual([
      ['epoch', 1],
      ['batch', 3],
      ['batch', 4],
      ['batch', 5],
    ]);
  });
});

describe('checkpoints', () => {
  const run = (options: Partial<RunTrialOptions>) => runRecorded({ engine: 'graph', epochs: 4 }, options);

  it('are kept for the last epoch and for the best one', async () => {
    const checkpointFolder = temporaryFolder();
    const { eventsOf } = await run({ checkpointFolder });
    expect(readdirSync(checkpointFolder).sort()).toEqual(['best.ckpt', 'epoch-4.ckpt']);
    const validation = eventsOf('epoch').map((event) => event.validation.crossEntropy!);
    const best = validation.indexOf(Math.min(...validation));
    expect(readCheckpoint(join(checkpointFolder, 'best.ckpt'))?.epoch).toBe(best);
  });

  it('that are torn, garbled or of another epoch start the trial from nothing, with the same result', async () => {
    const checkpointFolder = temporaryFolder();
    const whole = await run({ checkpointFolder });
    const last = join(checkpointFolder, 'epoch-4.ckpt');
    const damaged = [
      (file: string) => truncateSync(file, statSync(last).size >> 1),
      (file: string) => truncateSync(file, 0),
      (file: string) => writeFileSync(file, 'x', { flag: 'r+' }),
      (file: string) => writeFileSync(file, 'more', { flag: 'a' }),
      () => {},
    ];
    for (const damage of damaged) {
      const file = join(checkpointFolder, 'epoch-2.ckpt');
      copyFileSync(last, file);
      // An attempt that got further, of which less was recorded.
      for (const epoch of [5, 6]) copyFileSync(last, join(checkpointFolder, `epoch-${epoch}.ckpt`));
      damage(file);
      const store = new CheckpointStore(checkpointFolder);
      const events: TrialEvent[] = [];
      const onDisk: number[] = [];
      const emit = (event: TrialEvent) => {
        events.push(event);
        if (event.type === 'checkpoint' && store.load(event.epoch)?.step === event.step) onDisk.push(event.epoch);
      };
      const { result } = await run({ checkpointFolder, resumeFrom: 2, emit });
      expect(events.slice(0, 2)).toMatchObject([
        {
          type: 'checkpointFailed',
          epoch: 2,
          error: expect.stringMatching(/^epoch-2.ckpt .*; starting from nothing$/),
        },
        { type: 'started', resumed: null },
      ]);
      expect(hashOf(result)).toBe(hashOf(whole.result));
      // What is said to be on the disk is there.
      expect(onDisk).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('hold how low the validation was: a later epoch that is worse does not become the best', async () => {
    // At such a rate the loss rises again, so the last epoch is not the best.
    const config = { engine: 'graph', epochs: 6, learningRate: 0.5 } as const;
    const checkpointFolder = temporaryFolder();
    const whole = await runRecorded(config, {});
    const losses = whole.eventsOf('epoch').map(({ validation }) => validation.crossEntropy!);
    const best = losses.indexOf(Math.min(...losses));
    const runningBest = losses.map((_, epoch) => Math.min(...losses.slice(0, epoch)));
    // Where it is worse than the best before and better than nothing.
    const worse = losses.findIndex((loss, epoch) => epoch > 1 && loss > runningBest[epoch]!);
    expect(worse).toBeGreaterThan(0);
    await runUntil(STEPS_PER_EPOCH * (worse - 1) + 2, config, { checkpointFolder });
    const bestFile = join(checkpointFolder, 'best.ckpt');
    const before = readCheckpoint(bestFile)?.epoch;
    for (const resumeFrom of [
      { epoch: worse - 1, step: STEPS_PER_EPOCH * (worse - 1) + 2 },
      { epoch: worse - 1, step: STEPS_PER_EPOCH * (worse - 1) },
    ]) {
      const folder = temporaryFolder();
      cpSync(checkpointFolder, folder, { recursive: true });
      const stopFlag = new Int32Array(new SharedArrayBuffer(4));
      const onEpochEnd = () => void Atomics.store(stopFlag, 0, 1);
      const again = { checkpointFolder: folder, resumeFrom, stopFlag, callbacks: [{ onEpochEnd }] };
      await runRecorded(config, again);
      expect(readCheckpoint(join(folder, 'best.ckpt'))?.epoch).toBe(before);
      await runRecorded(config, { checkpointFolder: folder, resumeFrom: worse });
      expect(readCheckpoint(join(folder, 'best.ckpt'))?.epoch).toBe(best);
    }
  });

  it('of another trial or seed are not gone on from', async () => {
    const checkpointFolder = temporaryFolder();
    const whole = await run({});
    await run({ checkpointFolder, trial: 'other-s1' });
    const { result, eventsOf } = await run({ checkpointFolder, resumeFrom: 4 });
    expect(eventsOf('checkpointFailed')).toMatchObject([
      { epoch: 4, error: 'epoch-4.ckpt is of another trial (other-s1, seed 1); starting from nothing' },
    ]);
    expect(hashOf(result)).toBe(hashOf(whole.result));
    const otherSeed = await run({ checkpointFolder, resumeFrom: 4, seed: 2 });
    expect(otherSeed.eventsOf('started')).toMatchObject([{ resumed: null }]);
  });

  it('hold how long a trial has waited for a better epoch: it ends after the same one as if never stopped', async () => {
    const config = { engine: 'graph', epochs: 30, learningRate: 0.5, patience: 3 } as const;
    const checkpointFolder = temporaryFolder();
    const whole = await runRecorded(config, {});
    const last = whole.eventsOf('epoch').at(-1)!.epoch;
    expect(last).toBeLessThan(30);
    const losses = whole.eventsOf('epoch').map(({ validation }) => validation.crossEntropy!);
    const lowest = losses.indexOf(Math.min(...losses.slice(1)));
    expect(last - lowest).toBe(3);
    expect(whole.events.at(-1)).toMatchObject({ type: 'done', step: 6 * last });

    // Stopped one epoch before the end, when its patience is all but spent, and once after it is.
    const stopFlag = new Int32Array(new SharedArrayBuffer(4));
    const stop = (epoch: number) => {
      if (epoch === last - 2) Atomics.store(stopFlag, 0, 1);
    };
    await runRecorded(config, { checkpointFolder, stopFlag, callbacks: [{ onEpochEnd: stop }] });
    for (const resumeFrom of [last - 1, last]) {
      const { result, eventsOf } = await runRecorded(config, { checkpointFolder, resumeFrom, attempt: 2 });
      expect(eventsOf('epoch').map(({ epoch }) => epoch)).toEqual(resumeFrom === last ? [] : [last]);
      expect(hashOf(result)).toBe(hashOf(whole.result));
    }
  });

  it('that cannot be written cost the trial nothing', async () => {
    const checkpointFolder = join(temporaryFolder(), 'a-file');
    writeFileSync(checkpointFolder, '');
    const { result, eventsOf } = await run({ checkpointFolder: join(checkpointFolder, 'below') });
    expect(result.status).toBe('done');
    expect(eventsOf('checkpoint')).toEqual([]);
    const failed = eventsOf('checkpointFailed');
    expect(failed.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4]);
    expect(failed[0]!.error).toContain('ENOTDIR');
  });
});
