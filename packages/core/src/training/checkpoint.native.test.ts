import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TrialEvent } from '../sweep/events.ts';
import { ENGINES, OPTIMIZERS } from '../sweep/trial-config.ts';
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

describe.each(COMBINATIONS)('a trial of the $engine engine with $optimizer', ({ engine, optimizer }) => {
  it('ends in the same bits when it is stopped and goes on from its checkpoint', async () => {
    const config = { engine, optimizer, epochs: 3, l2: 1e-3, learningRate: 0.01 };
    const whole = await runRecorded(config, {});
    const checkpointFolder = temporaryFolder();

    // Stopped in the middle of the third epoch: what it has done of that is lost.
    const stopFlag = new Int32Array(new SharedArrayBuffer(4));
    let batches = 0;
    const stopInThirdEpoch = () => {
      if (++batches === 14) Atomics.store(stopFlag, 0, 1);
    };
    const first = await runRecorded(config, {
      checkpointFolder,
      stopFlag,
      callbacks: [{ onBatchEnd: stopInThirdEpoch }],
    });
    expect(first.result.status).toBe('stopped');
    expect(first.eventsOf('checkpoint').map(({ epoch }) => epoch)).toEqual([0, 1, 2]);

    const second = await runRecorded(config, { checkpointFolder, resumeFrom: 2, attempt: 2 });
    expect(second.eventsOf('started')[0]?.resumed).toEqual({ epoch: 2, step: 12 });
    expect(second.eventsOf('epoch').map(({ epoch }) => epoch)).toEqual([3]);
    expect(hashOf(second.result)).toBe(hashOf(whole.result));
    expect(second.eventsOf('steps')[0]?.from).toBe(12);
    expect(second.eventsOf('steps').flatMap(({ crossEntropy }) => crossEntropy)).toEqual(
      whole
        .eventsOf('steps')
        .flatMap(({ crossEntropy }) => crossEntropy)
        .slice(12),
    );
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
      expect(events[0]).toMatchObject({ type: 'started', resumed: null });
      expect(hashOf(result)).toBe(hashOf(whole.result));
      // What is said to be on the disk is there.
      expect(onDisk).toEqual([0, 1, 2, 3, 4]);
    }
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
