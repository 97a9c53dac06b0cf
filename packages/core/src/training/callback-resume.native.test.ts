import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CsvLogger } from '../callbacks/csv-logger.ts';
import { EarlyStopping } from '../callbacks/early-stopping.ts';
import { PrintWeights } from '../callbacks/print-weights.ts';
import { type CallbackState, DROPPED, STOPPED, type TrainingCallback } from '../index.ts';
import { InputError } from '../input-error.ts';
import type { TrialConfigInput } from '../sweep/trial-config.ts';
import { tf } from '../tensorflow.ts';
import { runRecorded } from './fixtures/trials.ts';
import type { RunTrialOptions } from './run-trial.ts';

/** Three epochs of six steps, on a rate at which the validation gets worse again. */
const CONFIG: TrialConfigInput = { epochs: 3, l2: 1e-3, learningRate: 0.5 };

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'l2bn-callback-resume-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

type Run = Awaited<ReturnType<typeof runRecorded>>;
type Hook = 'onEpochBegin' | 'onBatchEnd' | 'onEpochEnd';

/** Where a trial is stopped: in this call of the hook, counted from 1 in each attempt. */
type Stop = readonly [hook: Hook, call: number];

function stopper([hook, call]: Stop): { callback: TrainingCallback; stopFlag: Int32Array } {
  const stopFlag = new Int32Array(new SharedArrayBuffer(4));
  let calls = 0;
  const callback = {
    [hook]() {
      if (++calls === call) Atomics.store(stopFlag, 0, STOPPED);
    },
  };
  return { callback, stopFlag };
}

/** Runs a trial that is stopped at each of these places and goes on, every attempt with callbacks of its own. */
async function runStopped(
  callbacks: () => TrainingCallback[],
  stops: readonly Stop[],
  config: TrialConfigInput = CONFIG,
): Promise<Run[]> {
  const checkpointFolder = temporaryFolder();
  const attempts: Run[] = [];
  let resumeFrom: { epoch: number; step: number } | undefined;
  const attempt = async (options: Partial<RunTrialOptions>) => {
    const run = await runRecorded(config, {
      checkpointFolder,
      ...(resumeFrom === undefined ? {} : { resumeFrom }),
      ...options,
    });
    const last = run.eventsOf('checkpoint').at(-1);
    if (last !== undefined) resumeFrom = { epoch: last.epoch, step: last.step };
    attempts.push(run);
    return run.result;
  };
  for (const stop of stops) {
    const { callback, stopFlag } = stopper(stop);
    expect(await attempt({ stopFlag, callbacks: [...callbacks(), callback] })).toMatchObject({ status: 'stopped' });
  }
  expect(await attempt({ callbacks: callbacks() })).toMatchObject({ status: 'done' });
  expect(attempts.flatMap(({ eventsOf }) => eventsOf('checkpointFailed'))).toEqual([]);
  return attempts;
}

/** All that a trial tells of its training, but times. */
const told = (attempts: readonly Run[]) => {
  const result = attempts.at(-1)!.result;
  return {
    losses: attempts.flatMap(({ eventsOf }) => eventsOf('steps').flatMap(({ crossEntropy }) => crossEntropy)),
    epochs: attempts.flatMap(({ eventsOf }) =>
      eventsOf('epoch').map(({ epoch, train, validation, weights }) => ({ epoch, train, validation, weights })),
    ),
    hash: result.status === 'done' ? result.weightsHash : result.status,
  };
};

/** Sets `stopTraining` in the call of a hook. */
class Ending extends tf.Callback {
  private readonly isAt: (hook: Hook, index: number) => boolean;
  constructor(isAt: (hook: Hook, index: number) => boolean) {
    super();
    this.isAt = isAt;
  }
  private end(hook: Hook, index: number): void {
    if (this.isAt(hook, index)) this.model.stopTraining = true;
  }
  override async onEpochBegin(epoch: number) {
    this.end('onEpochBegin', epoch);
  }
  override async onBatchEnd(batch: number) {
    this.end('onBatchEnd', batch);
  }
  override async onEpochEnd(epoch: number) {
    this.end('onEpochEnd', epoch);
  }
}

/** Places all over a trial: as an epoch begins, inside it, in its validation, after it. */
const STOPS: readonly (readonly Stop[])[] = [
  [['onEpochBegin', 2]],
  [['onBatchEnd', 8]],
  [['onBatchEnd', 12]],
  [['onEpochEnd', 1]],
  [
    ['onEpochBegin', 1],
    ['onBatchEnd', 2],
    ['onBatchEnd', 4],
    ['onEpochEnd', 1],
    ['onBatchEnd', 1],
  ],
];

describe.each(['graph', 'layers'] as const)('model.stopTraining, engine %s', (engine) => {
  const config = { ...CONFIG, engine };

  it('ends a trial in the epoch inside which it was stopped', async () => {
    const callbacks = () => [new Ending((hook, index) => hook === 'onBatchEnd' && index === 3)];
    const whole = [await runRecorded(config, { callbacks: callbacks() })];
    expect(told(whole).epochs.map(({ epoch }) => epoch)).toEqual([0, 1]);
    // In the hook that ends training, before it, and when the epoch begins.
    for (const stop of [
      ['onBatchEnd', 4],
      ['onBatchEnd', 3],
      ['onEpochBegin', 1],
    ] as const) {
      expect(told(await runStopped(callbacks, [stop], config))).toEqual(told(whole));
    }
  });

  it('ends a trial in the epoch as which begins it was set, and stopped', async () => {
    const callbacks = () => [
      new Ending((hook, index) => hook === 'onEpochBegin' && index === 1),
      new PrintWeights({ log: () => {} }),
    ];
    const whole = [await runRecorded(config, { callbacks: callbacks() })];
    expect(told(whole).losses).toHaveLength(7);
    expect(told(await runStopped(callbacks, [['onEpochBegin', 2]], config))).toEqual(told(whole));
  });

  it('ends a trial that is killed between its last checkpoint and its result', async () => {
    const checkpointFolder = temporaryFolder();
    const callbacks = () => [new Ending((hook, index) => hook === 'onEpochEnd' && index === 1)];
    const whole = await runRecorded(config, { callbacks: callbacks(), checkpointFolder });
    expect(whole.eventsOf('checkpoint').at(-1)).toMatchObject({ epoch: 2 });
    const again = await runRecorded(config, { callbacks: callbacks(), checkpointFolder, resumeFrom: 2 });
    expect(again.eventsOf('epoch')).toEqual([]);
    expect(told([again]).hash).toBe(told([whole]).hash);
  });
});

describe('EarlyStopping', () => {
  const config = { ...CONFIG, epochs: 8 };
  const callbacks = () => [new EarlyStopping({ monitor: 'val_loss', patience: 2, restoreBestWeights: true })];

  it('ends a trial that is stopped after the same epoch, with the same best weights', async () => {
    const whole = [await runRecorded(config, { callbacks: callbacks() })];
    const epochs = told(whole).epochs.length - 1;
    expect(epochs).toBeLessThan(config.epochs);
    const stops: (readonly Stop[])[] = [
      ...STOPS,
      // Once its patience is all but spent, in the last epoch and in its validation.
      [['onBatchEnd', 6 * epochs - 3]],
      [['onBatchEnd', 6 * epochs]],
    ];
    for (const places of stops) expect(told(await runStopped(callbacks, places, config))).toEqual(told(whole));
  });

  it('has restored its best weights also where the trial is killed before it has its result', async () => {
    const checkpointFolder = temporaryFolder();
    const whole = await runRecorded(config, { callbacks: callbacks(), checkpointFolder });
    const last = whole.eventsOf('checkpoint').at(-1)!.epoch;
    const [stopping] = callbacks();
    const again = await runRecorded(config, { callbacks: [stopping!], checkpointFolder, resumeFrom: last });
    expect(told([again])).toEqual({ losses: [], epochs: [], hash: told([whole]).hash });
    expect(stopping).toMatchObject({ stoppedEpoch: last - 1, best: { epoch: expect.any(Number) } });
  });
});

describe('CsvLogger', () => {
  it.each([false, true])('has each epoch once, wherever the trial was stopped, append %s', async (append) => {
    const folder = temporaryFolder();
    const earlier = 'epoch,acc\n0,1\n';
    const [whole = '', ...files] = Array.from({ length: STOPS.length + 1 }, (_, i) => join(folder, `${i}.csv`));
    for (const file of [whole, ...files]) writeFileSync(file, earlier);
    await runRecorded(CONFIG, { callbacks: [new CsvLogger({ file: whole, append })] });
    const lines = readFileSync(whole, 'utf8').split('\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['epoch', ...(append ? ['0'] : []), '0', '1', '2', '']);
    for (const [i, file] of files.entries()) {
      await runStopped(() => [new CsvLogger({ file, append })], STOPS[i]!);
      expect(readFileSync(file, 'utf8').split('\n')).toEqual(lines);
    }
  });

  it.each([false, true])(
    'has each epoch once where it has lines from after the checkpoint, append %s',
    async (append) => {
      const folder = temporaryFolder();
      const [file, checkpointFolder, kept] = ['x.csv', 'checkpoints', 'kept'].map((name) => join(folder, name));
      const config = { ...CONFIG, epochs: 4 };
      const logger = () => new CsvLogger({ file: file!, append });
      // Below what an earlier run has left, where it appends.
      await runRecorded({ ...CONFIG, epochs: 1 }, { callbacks: [logger()] });
      const onEpochBegin = (epoch: number) => {
        if (epoch === 2) cpSync(checkpointFolder!, kept!, { recursive: true });
      };
      await runRecorded(config, { callbacks: [logger(), { onEpochBegin }], checkpointFolder: checkpointFolder! });
      const whole = readFileSync(file!, 'utf8');
      expect(whole.split('\n')).toHaveLength(append ? 7 : 6);
      // As it was when epoch 2 had ended: two lines of the file are of epochs that nobody has a checkpoint of.
      await runRecorded(config, { callbacks: [logger()], checkpointFolder: kept!, resumeFrom: 2 });
      expect(readFileSync(file!, 'utf8')).toBe(whole);
    },
  );

  it('begins its file anew where that is gone, and refuses one that cannot be written', async () => {
    const checkpointFolder = temporaryFolder();
    const file = join(temporaryFolder(), 'x.csv');
    const config = { ...CONFIG, epochs: 2 };
    await runRecorded(config, { callbacks: [new CsvLogger({ file })], checkpointFolder });
    const lines = readFileSync(file, 'utf8').split('\n');
    rmSync(file);
    const more = { checkpointFolder, resumeFrom: 2 };
    await runRecorded({ ...config, epochs: 3 }, { ...more, callbacks: [new CsvLogger({ file })] });
    const after = readFileSync(file, 'utf8').split('\n');
    expect([after[0], after[1]?.split(',')[0], after.length]).toEqual([lines[0], '2', 3]);
    rmSync(file);
    mkdirSync(file);
    const again = runRecorded(
      { ...config, epochs: 4 },
      { ...more, resumeFrom: 3, callbacks: [new CsvLogger({ file })] },
    );
    await expect(again).rejects.toThrow(InputError);
  });
});

describe('CsvLogger where there is no file to go on with', () => {
  const stopAndGoOn = (file: string) => runStopped(() => [new CsvLogger({ file })], [['onBatchEnd', 8]]);

  it('begins a pipe anew in each attempt, and costs no checkpoint', async () => {
    const pipe = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Open at both ends, it makes nobody wait.
    const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    onTestFinished(() => closeSync(reader));
    await stopAndGoOn(pipe);
    const buffer = Buffer.alloc(2 ** 16);
    const lines = buffer.toString('utf8', 0, readSync(reader, buffer)).split('\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['epoch', '0', 'epoch', '1', '2', '']);
  });

  it('costs no checkpoint on a device', async () => {
    await stopAndGoOn('/dev/null');
  });

  it.runIf(process.platform === 'linux')('costs no checkpoint where a file cannot be synced', async () => {
    // Regular, but fsync knows of no such thing there. It holds the name of the process.
    const file = '/proc/self/comm';
    const name = readFileSync(file);
    onTestFinished(() => writeFileSync(file, name));
    await stopAndGoOn(file);
    expect(readFileSync(file, 'utf8')).toMatch(/^2,/);
  });
});

describe('PrintWeights', () => {
  it.each(['epochBegin', 'epochEnd'] as const)(
    'prints each line once, wherever it was stopped, at %s',
    async (when) => {
      const lines: string[] = [];
      const callbacks = () => [new PrintWeights({ when, log: (line) => lines.push(line) })];
      await runRecorded(CONFIG, { callbacks: callbacks() });
      const whole = lines.splice(0);
      expect(whole).toHaveLength(3);
      for (const stops of STOPS) {
        await runStopped(callbacks, stops);
        expect(lines.splice(0)).toEqual(whole);
      }
    },
  );
});

describe('a callback', () => {
  const heardBy = (heard: string[]): TrainingCallback => ({
    onTrainBegin: () => void heard.push('train'),
    onTrainEnd: () => void heard.push('train ends'),
    onEpochBegin: (epoch) => void heard.push(`epoch ${epoch}`),
    onBatchBegin: (batch) => void heard.push(`batch ${batch}`),
    onBatchEnd: (batch) => void heard.push(`batch ${batch} ends`),
    onEpochEnd: (epoch) => void heard.push(`epoch ${epoch} ends`),
  });

  it('with a state hears everything once, and has what it kept, numbers and weights', async () => {
    const heard: string[] = [];
    const given: CallbackState[] = [];
    await runRecorded(CONFIG, { callbacks: [heardBy(heard)] });
    const whole = heard.splice(0);
    for (const stops of STOPS) {
      await runStopped(
        () => [
          {},
          {
            ...heardBy(heard),
            getState: () => ({
              values: { count: heard.length },
              arrays: [new Float32Array([heard.length, Number.NaN])],
            }),
            onTrainResume(state) {
              given.push(state);
              expect(state.values).toEqual({ count: heard.length });
            },
          },
        ],
        stops,
      );
      expect(heard.splice(0)).toEqual(whole);
    }
    expect(given.length).toBe(STOPS.flat().length);
    for (const { values, arrays } of given) {
      expect(arrays).toEqual([new Float32Array([(values as { count: number }).count, Number.NaN])]);
    }
  });

  it('hears of the end of training when it ends, and of none where it is stopped', async () => {
    const heard: string[] = [];
    const onTrainEnd = () => void heard.push('train ends');
    const { callback, stopFlag } = stopper(['onBatchEnd', 8]);
    const stopped = await runRecorded(CONFIG, { stopFlag, callbacks: [callback, { onTrainEnd }] });
    expect([stopped.result.status, heard]).toEqual(['stopped', []]);
    const ending = new Ending((hook, index) => hook === 'onEpochEnd' && index === 0);
    const early = await runRecorded(CONFIG, { callbacks: [ending, { onTrainEnd }] });
    expect([early.result.status, heard]).toEqual(['done', ['train ends']]);
    const lost = await runRecorded(
      { ...CONFIG, learningRate: 1e30, batchNorm: false },
      { callbacks: [{ onTrainEnd }] },
    );
    expect([lost.result.status, heard]).toEqual(['diverged', ['train ends', 'train ends']]);
  });

  it('without one, or of another class or place, begins anew', async () => {
    const state: Pick<TrainingCallback, 'getState' | 'onTrainResume'> = {
      getState: () => ({ values: 1 }),
      onTrainResume: () => {
        throw new Error('the state of another callback');
      },
    };
    class Other {
      readonly getState = state.getState;
      readonly onTrainResume = state.onTrainResume;
      onTrainBegin = () => void heard.push('train');
      onEpochBegin = (epoch: number) => void heard.push(`epoch ${epoch}`);
    }
    const heard: string[] = [];
    const others = [[heardBy(heard)], [new Other()], [{}, { ...state, ...heardBy(heard) }]] as TrainingCallback[][];
    for (const callbacks of others) {
      const checkpointFolder = temporaryFolder();
      const { callback, stopFlag } = stopper(['onBatchEnd', 8]);
      await runRecorded(CONFIG, { checkpointFolder, stopFlag, callbacks: [{ ...state }, callback] });
      await runRecorded(CONFIG, { checkpointFolder, resumeFrom: { epoch: 1, step: 8 }, callbacks });
      expect(heard.splice(0).slice(0, 2)).toEqual(['train', 'epoch 1']);
    }
  });

  it('that cannot say its state costs a checkpoint, not the trial', async () => {
    const getState = () => {
      throw new Error('nothing to say');
    };
    const checkpointFolder = temporaryFolder();
    const { result, eventsOf } = await runRecorded(CONFIG, { checkpointFolder, callbacks: [{ getState }] });
    expect(result.status).toBe('done');
    expect(eventsOf('checkpointFailed').map(({ error }) => error)).toEqual(Array(4).fill('nothing to say'));
  });
});

it('keeps no state of a trial that is dropped, and what an earlier stop has kept', async () => {
  const checkpointFolder = temporaryFolder();
  const first = stopper(['onBatchEnd', 8]);
  await runRecorded(CONFIG, { checkpointFolder, stopFlag: first.stopFlag, callbacks: [first.callback] });
  const kept = join(checkpointFolder, 'epoch-1-stopped.ckpt');
  const before = readFileSync(kept);
  const dropFlag = new Int32Array(new SharedArrayBuffer(4));
  const onBatchEnd = (batch: number) => void (batch === 3 && Atomics.store(dropFlag, 0, DROPPED));
  const dropped = await runRecorded(CONFIG, {
    checkpointFolder,
    resumeFrom: { epoch: 1, step: 8 },
    stopFlag: dropFlag,
    callbacks: [{ onBatchEnd }],
  });
  expect(dropped.result).toMatchObject({ status: 'stopped', step: 10 });
  expect(dropped.eventsOf('checkpoint')).toEqual([]);
  expect(readFileSync(kept).equals(before)).toBe(true);
});
