import { DataConfigSchema, TrialConfigSchema } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { mixedSweep } from './fixtures/mixed-sweep.ts';
import { ROW_KINDS, type RowKind, rowsOf } from './rows.ts';
import { csvLines, jsonLines } from './text-formats.ts';

const objects = (kind: RowKind) =>
  [...jsonLines(rowsOf(mixedSweep(), kind))].map((line) => JSON.parse(line) as Record<string, unknown>);

describe('rowsOf', () => {
  it('has a row for every trial, with its cell and its last epoch', () => {
    const rows = objects('trials');
    expect(rows.map(({ optimizer, l2, state }) => [optimizer, l2, state])).toEqual([
      ['sgd', 0, 'done'],
      ['sgd', 1e-4, 'diverged'],
      ['sgd', 1e-2, 'failed'],
      ['adam', 0, 'running'],
      ['adam', 1e-4, 'interrupted'],
      ['adam', 1e-2, 'planned'],
    ]);
    expect(rows[0]).toMatchObject({
      seed: 1,
      attempts: 1,
      stepsDone: 4,
      lastEpoch: 2,
      trainCrossEntropy: 2,
      validationAccuracy: 0.5,
      bestValidationAccuracy: 0.75,
      layer: 'Conv1',
      weightNorm: 4,
      weight0: 0.5,
      weight1: -0.25,
      weight2: null,
      weightsHash: 'abc',
      error: null,
    });
    expect(rows[0]!.finishedAt).toMatch(/^2026-01-31T12:00:\d\d\.000Z$/);
    expect(rows[1]).toMatchObject({ divergedAtStep: 1, lastFiniteCrossEntropy: 2.5, validationAccuracy: null });
    expect(rows[2]).toMatchObject({ error: 'it said "no",\nand left' });
    expect(rows[5]).toMatchObject({ attempts: 0, lastEpoch: null, weight0: null, startedAt: null });
  });

  it('has a row for every epoch and for every step', () => {
    const epochs = objects('epochs').filter(({ state }) => state === 'done');
    expect(epochs.map(({ epoch, trainAccuracy }) => [epoch, trainAccuracy])).toEqual([
      [0, null],
      [1, 0.25],
      [2, 0.25],
    ]);
    const steps = objects('steps');
    expect(steps.map(({ state, step, crossEntropy }) => [state, step, crossEntropy])).toEqual([
      ['done', 0, 2.5],
      ['done', 1, 2.25],
      ['done', 2, 2],
      ['done', 3, 1.5],
      ['diverged', 0, 2.5],
      ['diverged', 1, null],
    ]);
  });

  it.each(ROW_KINDS)('has no column of %s twice, whatever is an axis', (kind) => {
    const columns = rowsOf(mixedSweep(), kind).columns.map(({ name }) => name);
    const configKeys = [
      ...Object.keys(TrialConfigSchema.entries),
      ...Object.keys(DataConfigSchema.entries).map((key) => `data.${key}`),
    ].filter((key) => !['optimizer', 'l2'].includes(key));
    expect(new Set([...columns, ...configKeys]).size).toBe(columns.length + configKeys.length);
    for (const row of rowsOf(mixedSweep(), kind).rows) expect(row).toHaveLength(columns.length);
  });
});

describe('csvLines', () => {
  it('quotes what holds commas, quotes and line ends, and leaves fields without a value empty', () => {
    const lines = csvLines({
      columns: [
        { name: 'a', type: 'text' },
        { name: 'b,c', type: 'number' },
      ],
      rows: [
        ['it said "no",\nand left', null],
        [true, 1e-7],
      ],
    });
    expect([...lines]).toEqual(['a,"b,c"', '"it said ""no"",\nand left",', 'true,1e-7']);
  });
});
