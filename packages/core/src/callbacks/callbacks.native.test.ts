import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { smallConvNet } from '../models/small-conv-net.ts';
import { formatValues } from '../sweep/format-values.ts';
import { tf } from '../tensorflow.ts';
import { runRecorded } from '../training/fixtures/trials.ts';
import { weightsHash } from '../training/weights.ts';
import { CsvLogger } from './csv-logger.ts';
import { EarlyStopping } from './early-stopping.ts';
import { smallFit } from './fixtures/small-fit.ts';
import { NanStop } from './nan-stop.ts';
import { PrintWeights } from './print-weights.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'l2bn-callbacks-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('PrintWeights', () => {
  it('prints the first ten values of the first convolution before every epoch of model.fit', async () => {
    const lines: string[] = [];
    const { model } = await smallFit([new PrintWeights({ log: (line) => lines.push(line) })], { epochs: 3 });
    model.dispose();
    const initial = smallConvNet({ inputShape: [8, 8, 1], classes: 3 });
    const values = initial.getLayer('conv_1').weights[0]!.read().dataSync().slice(0, 10);
    initial.dispose();
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(`conv_1 ${formatValues(values)}`);
    expect(new Set(lines).size).toBe(3);
  });

  it('prints any layer, any number of values, after every epoch', async () => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const callback = new PrintWeights({ layer: 'predictions', count: 3, when: 'epochEnd', log });
    const { model } = await smallFit([callback], { epochs: 2 });
    const values = model.getLayer('predictions').weights[0]!.read().dataSync().slice(0, 3);
    model.dispose();
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(`predictions ${formatValues(values)}`);
  });

  it.each(['layers', 'graph'] as const)('prints what a trial reports, engine %s', async (engine) => {
    const lines: string[] = [];
    const callbacks = [new PrintWeights({ log: (line) => lines.push(line) })];
    const { eventsOf } = await runRecorded({ engine, l2: 1e-3 }, { callbacks });
    const reported = eventsOf('epoch').map(
      ({ weights }) => `${weights.layer} ${formatValues(weights.values as number[])}`,
    );
    expect(lines).toEqual(reported.slice(0, 2));
  });

  it('refuses a layer that is not there before training begins', async () => {
    const fit = smallFit([new PrintWeights({ layer: 'conv_9' })]);
    await expect(fit).rejects.toThrow(/got "conv_9", want the name of a layer with weights: conv_1, bn_1/);
    await expect(fit).rejects.toBeInstanceOf(InputError);
  });
});

describe('NanStop', () => {
  it('ends model.fit at the batch whose loss is no longer finite', async () => {
    const callback = new NanStop();
    const { model, history } = await smallFit([callback], { learningRate: 1e20, batchNorm: false, epochs: 5 });
    model.dispose();
    expect(callback.stoppedAt).toMatchObject({ epoch: 0 });
    expect(callback.stoppedAt!.batch).toBeGreaterThan(0);
    expect(history.loss).toHaveLength(1);
  });

  it('lets a healthy fit run to its end', async () => {
    const callback = new NanStop();
    const { model, history } = await smallFit([callback]);
    model.dispose();
    expect(callback.stoppedAt).toBeUndefined();
    expect(history.loss).toHaveLength(4);
  });
});

describe('EarlyStopping', () => {
  it('ends model.fit `patience` epochs after the best and gives the best weights back', async () => {
    const hashes: string[] = [];
    const keepHash = new tf.CustomCallback({
      onEpochEnd: async () => void hashes.push(weightsHash(stopping.model)),
    });
    // Nothing can improve on 0, so after the first epoch all are without improvement.
    const stopping = new EarlyStopping({ monitor: 'val_acc', minDelta: 2, patience: 2, restoreBestWeights: true });
    const { model, history } = await smallFit([stopping, keepHash], { epochs: 8 });
    expect(history.loss).toHaveLength(3);
    expect(stopping.stoppedEpoch).toBe(2);
    expect(stopping.best).toMatchObject({ epoch: 0 });
    expect(new Set(hashes).size).toBe(3);
    expect(weightsHash(model)).toBe(hashes[0]);
    model.dispose();
  });

  it('follows the watched metric down', async () => {
    const stopping = new EarlyStopping({ monitor: 'loss', patience: 3, restoreBestWeights: true });
    const { model, history } = await smallFit([stopping], { epochs: 6 });
    const losses = history.loss as number[];
    expect(stopping.best!.value).toBe(Math.min(...losses));
    expect(stopping.best!.epoch).toBe(losses.indexOf(Math.min(...losses)));
    model.dispose();
  });

  it('counts what does not beat the baseline as without improvement', async () => {
    const stopping = new EarlyStopping({ monitor: 'loss', baseline: -1, patience: 2 });
    const { model, history } = await smallFit([stopping], { epochs: 6, learningRate: 1e-9 });
    const losses = history.loss as number[];
    expect(losses.length).toBeLessThan(6);
    expect(stopping.stoppedEpoch).toBe(losses.length - 1);
    // The best one is kept all the same, and it did not end training.
    expect(stopping.best).toEqual({ value: Math.min(...losses), epoch: losses.indexOf(Math.min(...losses)) });
    expect(stopping.best!.value).toBeGreaterThan(-1);
    model.dispose();
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const { model } = await smallFit([new EarlyStopping({ monitor: 'loss', restoreBestWeights: true })], { epochs: 2 });
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['layers', 'graph'] as const)('ends a trial with its best weights, engine %s', async (engine) => {
    const hashes: string[] = [];
    const stopping = new EarlyStopping({ monitor: 'val_acc', minDelta: 2, patience: 1, restoreBestWeights: true });
    const callbacks = [stopping, { onEpochEnd: () => void hashes.push(weightsHash(stopping.model)) }];
    const { result, eventsOf } = await runRecorded({ engine, epochs: 6 }, { callbacks });
    expect(eventsOf('epoch').map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    expect(result).toMatchObject({ status: 'done', step: 12, weightsHash: hashes[0] });
    expect(hashes[1]).not.toBe(hashes[0]);
  });

  it('refuses a metric that is not there', async () => {
    const callbacks = [new EarlyStopping({ monitor: 'val_los' })];
    await expect(runRecorded({ epochs: 1 }, { callbacks })).rejects.toThrow(
      /got "val_los", want one of loss, crossEntropy/,
    );
  });
});

describe('CsvLogger', () => {
  const read = (file: string) =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));

  it('writes the metrics of model.fit, all digits, a line per epoch', async () => {
    const file = join(folder, 'fit.csv');
    const { model, history } = await smallFit([new CsvLogger({ file })], { epochs: 3 });
    model.dispose();
    const [header, ...lines] = read(file);
    expect(header).toEqual(['epoch', 'acc', 'loss', 'val_acc', 'val_loss']);
    expect(lines.map((line) => Number(line[0]))).toEqual([0, 1, 2]);
    expect(lines.map((line) => Number(line[2]))).toEqual(history.loss);
    expect(lines.map((line) => Number(line[4]))).toEqual(history.val_loss);
  });

  it('goes on below an earlier run, under the same header', async () => {
    const file = join(folder, 'append.csv');
    for (const append of [false, true]) {
      await runRecorded({ epochs: 1, l2: 1e-3 }, { callbacks: [new CsvLogger({ file, append })] });
    }
    const lines = read(file);
    expect(lines.map((line) => line[0])).toEqual(['epoch', '0', '0']);
    expect(lines[2]).toEqual(lines[1]);
  });

  it('gives total losses as Keras does: cross-entropy plus penalty, also in val_loss', async () => {
    const file = join(folder, 'trial.csv');
    const { eventsOf } = await runRecorded({ epochs: 1, l2: 1e-2 }, { callbacks: [new CsvLogger({ file })] });
    const [header, line] = read(file);
    const value = (name: string) => Number(line![header!.indexOf(name)]);
    const { train, validation } = eventsOf('epoch')[1]!;
    expect(value('loss')).toBe(train!.crossEntropy! + train!.penalty!);
    expect(value('val_loss')).toBe(validation.crossEntropy! + validation.penalty!);
    expect(value('val_crossEntropy')).toBe(validation.crossEntropy);
    expect(value('val_penalty')).toBeGreaterThan(0.1);
  });

  it('refuses a file in a folder that is not there', async () => {
    const file = join(folder, 'none', 'x.csv');
    await expect(runRecorded({}, { callbacks: [new CsvLogger({ file })] })).rejects.toThrow(InputError);
  });
});
