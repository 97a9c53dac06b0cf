import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../../command-line.mjs';
import { GRID_STEP, gridOf } from '../grid.mjs';
import { parseOptions } from '../options.mjs';
import { isFinished, measurementOf, summarise, tenthsOf } from './summary.mjs';
import { report } from './table.mjs';

/** @type {(name: string) => import('../settings.mjs').Setting} */
const settingNamed = (name) => ({
  contestant: 'l2bn',
  name,
  program: '',
  script: [],
  env: {},
  jobs: 1,
  config: {},
});

/**
 * @param {string} name
 * @param {number} seconds between one trial and the next
 * @param {number} trials
 */
const measured = (name, seconds, trials, cells = trials) =>
  measurementOf(
    settingNamed(name),
    cells,
    {
      result: {
        readySeconds: 0.5,
        seconds: seconds * trials,
        finishedAt: Array.from({ length: trials }, (_, i) => (i + 1) * seconds),
        cpuAt: Array.from({ length: trials }, (_, i) => ((i + 1) * seconds) / 2),
        cells: trials,
      },
      version: 'v',
      cpuSeconds: 0.001 * trials,
      memory: 5e6,
      othersCores: 0.25,
    },
    0.5,
  );

describe('tenths', () => {
  it('are milliseconds per trial between the first and the last trial of each tenth', () => {
    const even = tenthsOf(Array.from({ length: 20 }, (_, i) => (i + 1) * 0.002));
    assert.deepEqual(
      even.map((value) => value.toFixed(6)),
      Array.from({ length: 10 }, () => '2.000000'),
    );
    // The i-th trial takes i ms: the first tenth 1 and 2, the last one 19 and 20.
    const rising = tenthsOf(Array.from({ length: 20 }, (_, i) => ((i + 1) * (i + 2)) / 2 / 1000));
    assert.equal(rising[0]?.toFixed(3), '1.500');
    assert.equal(rising.at(-1)?.toFixed(3), '19.500');
  });

  it('hold all trials, whatever their number, and the whole time', () => {
    for (const length of [10, 13, 99, 101]) {
      const times = Array.from({ length }, (_, i) => i + 1);
      const tenths = tenthsOf(times.reverse());
      assert.equal(tenths.length, 10);
      for (const tenth of tenths) assert.equal(tenth, 1000);
    }
  });

  it('are not made of fewer than ten trials', () => assert.deepEqual(tenthsOf([1, 2, 3]), []));
});

describe('a measurement', () => {
  it('is cut off when cells are left, however many trials there were', () => {
    const one = measured('x', 0.002, 50, 100);
    assert.ok(one.isCutOff);
    assert.equal(one.milliseconds.toFixed(6), '2.000000');
    assert.equal(one.cpuMilliseconds?.toFixed(6), '1.000000');
    assert.ok(!measured('x', 0.002, 50).isCutOff);
  });

  it('of no trial has no cost', () => {
    const none = measured('x', 0.002, 0, 100);
    assert.ok(Number.isNaN(none.milliseconds));
    assert.equal(none.cpuMilliseconds, undefined);
  });
});

describe('summarise', () => {
  const failed = { setting: settingNamed('other'), error: 'it broke' };
  const rounds = [
    [measured('ours', 0.002, 100), measured('other', 0.02, 100)],
    [measured('ours', 0.004, 100), measured('other', 0.08, 100)],
    [measured('ours', 0.003, 100), failed],
  ];
  const [ours, other] = summarise(rounds);

  it('takes medians over the rounds, ratios within a round', () => {
    assert.equal(ours?.milliseconds.toFixed(6), '3.000000');
    assert.equal(other?.milliseconds.toFixed(6), '50.000000');
    assert.equal(other?.timesFirst?.toFixed(6), '15.000000');
    assert.equal(ours?.timesFirst, 1);
  });

  it('says of a contestant that failed why, and in how many rounds it did not', () => {
    assert.deepEqual([other?.rounds, other?.error], [2, 'it broke']);
    assert.deepEqual([ours?.rounds, ours?.error], [3, undefined]);
    assert.ok(!isFinished(failed) && isFinished(measured('x', 1, 1)));
  });

  it('has a line for one that never ran', () => {
    const [, never] = summarise([[measured('ours', 0.002, 100), failed]]);
    assert.deepEqual([never?.rounds, never?.trials, never?.error], [0, 0, 'it broke']);
    assert.ok(Number.isNaN(never?.milliseconds));
  });
});

describe('the table', () => {
  it('marks who was cut off and says who took no part', () => {
    const contestants = summarise([[measured('ours', 0.002, 100), measured('other', 0.02, 50, 100)]]);
    const text = report({
      machine: { cpu: 'CPU', cores: 2, memory: 2 ** 34, node: 'v20', inMemory: false },
      limit: 7,
      unavailable: { ray: 'no wheel' },
      sizes: [
        {
          cells: 100,
          contestants,
          resume: { planSeconds: 0.1, openSeconds: 0.25, isComplete: true, done: 100 },
          parts: { ledger: 1, ledgerInMemory: null, scheduler: 0.01, channel: 0.2 },
        },
      ],
    });
    assert.match(text, /^l2bn, ours +2\.00 +1\.00 +2\.00 +2\.00 +1\.00 +1\.00 +1\.00 +100 +100 +5 +0\.500 +0\.25$/m);
    assert.match(text, /^l2bn, other +20\.0 +10\.0 +20\.0 +20\.0 +1\.00 +10\.0 +10\.0 +50\* +50 +5 +0\.500 +0\.25$/m);
    const [headings = '', ...rows] = text.split('\n').filter((line) => /^l2bn, |ms\/trial .*others$/.test(line));
    assert.match(headings, /CPU ms +first CPU +last CPU +trials +cells +MB +sync +others$/);
    for (const row of rows) assert.equal(row.length, headings.length, 'numbers end where their headings end');
    assert.match(text, /ray took no part: no wheel/);
    assert.match(text, /ledger 1\.00, channel to the host 0\.200, scheduler and state 0\.010/);
    assert.match(text, /opened again: ledger 0\.25 s/);
  });
});

describe('the grid', () => {
  it('has as many cells as were asked for, all different', () => {
    for (const cells of [GRID_STEP, 10 * GRID_STEP]) {
      const { batchNorm, l2, learningRate } = gridOf(cells);
      const all = batchNorm.flatMap((bn) => l2.flatMap((c) => learningRate.map((rate) => `${bn} ${c} ${rate}`)));
      assert.equal(new Set(all).size, cells);
    }
  });
});

describe('the command line', () => {
  it('has l2bn alone by default, peers where asked', () => {
    const options = parseOptions(['--workers', '2']);
    assert.deepEqual(options, {
      peers: [],
      sizes: [100, 1000, 10_000],
      limit: 120,
      rounds: 1,
      workers: 2,
      folder: undefined,
      json: false,
    });
    const asked = parseOptions(['--peers', 'ray,optuna', '--cells', '200,200', '--limit', '0.5', '--json']);
    assert.ok(asked !== 'help');
    assert.deepEqual([asked.peers, asked.sizes, asked.limit, asked.json], [['optuna', 'ray'], [200], 0.5, true]);
  });

  for (const args of [
    ['--peers', 'hydra'],
    ['--cells', '150'],
    ['--cells', ''],
    ['--limit', '0'],
    ['--rounds', '0'],
    ['--workers', '1.5'],
  ]) {
    it(`refuses ${args.join(' ')}`, () => assert.throws(() => parseOptions(args), UsageError));
  }
});
