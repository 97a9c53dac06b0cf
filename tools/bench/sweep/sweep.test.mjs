import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readEvents, readLedger } from '@l2bn/runner';
import { measure } from './contest.mjs';
import { GRID_STEP, gridOf } from './grid.mjs';
import { race } from './race.mjs';
import { isFinished } from './report/summary.mjs';
import { l2bnSettings, scriptNamed } from './settings.mjs';

const CELLS = GRID_STEP;
const EXPECTED = {
  report: ['leased', 'started', 'epoch', 'done'],
  epoch: ['leased', 'started', 'epoch', 'checkpoint', 'steps', 'epoch', 'checkpoint', 'done'],
};

const parent = mkdtempSync(join(tmpdir(), 'l2bn-bench-test-'));
after(() => rmSync(parent, { recursive: true, force: true }));

/**
 * @param {string} name
 * @param {number} cells
 */
function newPlan(name, cells = CELLS) {
  const folder = join(parent, name);
  mkdirSync(folder);
  const sweepFile = join(folder, 'sweep.json');
  writeFileSync(sweepFile, JSON.stringify({ name: 'bench', axes: gridOf(cells) }));
  return { cells, sweepFile, folder: join(folder, 'run'), limit: 120 };
}

describe("l2bn's side", () => {
  for (const [index, setting] of l2bnSettings(2).entries()) {
    it(`has every trial once in the ledger: ${setting.name}`, async () => {
      const plan = newPlan(`${index}`);
      const measurement = await measure(setting, plan);
      assert.ok(isFinished(measurement));
      assert.deepEqual([measurement.trials, measurement.cells, measurement.isCutOff], [CELLS, CELLS, false]);

      const { state } = readLedger(plan.folder);
      assert.deepEqual([state.phase, state.counts.done, state.dropped], ['finished', CELLS, 0]);
      assert.ok(state.trials.every(({ attempt }) => attempt === 1));
      const wanted = EXPECTED[setting.env.L2BN_BENCH_TRIAL === 'epoch' ? 'epoch' : 'report'];
      /** @type {Map<string, string[]>} */
      const types = new Map(state.trials.map(({ id }) => [id, []]));
      for (const { event } of readEvents(plan.folder)) {
        if (event.type !== 'phase') types.get(event.trial)?.push(event.type);
      }
      for (const told of types.values()) assert.deepEqual(told, wanted);

      // The parts of the time make up the whole of it, up to the last trial.
      const total = measurement.tenths.reduce((sum, each) => sum + each, 0) * (CELLS / 10);
      assert.ok(total > 0 && total <= measurement.seconds * 1000, `${total} ms of ${measurement.seconds} s`);
    });
  }

  it('is cut off when its time is up, and says what it did until then', async () => {
    const [setting] = l2bnSettings(1);
    assert.ok(setting);
    // More than any disk takes in that time.
    const plan = { ...newPlan('cut', 50 * GRID_STEP), limit: 0.4 };
    const measurement = await measure(setting, plan);
    assert.ok(isFinished(measurement) && measurement.isCutOff);
    const { phase, counts } = readLedger(plan.folder).state;
    assert.equal(phase, 'stopped');
    assert.deepEqual([measurement.trials, measurement.cells], [counts.done, counts.done]);
  });

  it('opens a finished sweep again, and takes its parts apart', async () => {
    const [setting] = l2bnSettings(1);
    assert.ok(setting);
    const plan = newPlan('again');
    await measure(setting, plan);
    const { program } = setting;
    const task = { sweepFile: plan.sweepFile, folder: plan.folder, jobs: 2 };
    /** @type {(script: string) => Promise<any>} */
    const resultOf = async (script) => {
      const args = [scriptNamed(script), JSON.stringify(task)];
      return (await race({ label: script, program, args, env: {}, limit: 120 })).result;
    };
    const { isComplete, done } = await resultOf('resume.mjs');
    assert.deepEqual([isComplete, done], [true, CELLS]);
    const { ledger, scheduler, channel } = await resultOf('parts.mjs');
    for (const part of [ledger, scheduler, channel]) assert.ok(part > 0);
    const { state } = readLedger(join(plan.folder, 'parts'));
    assert.equal(state.counts.done, CELLS);
  });
});

describe('a contestant', () => {
  it('that ends without a result is told with what it said', async () => {
    const contestant = { label: 'x', program: process.execPath, env: {}, limit: 1 };
    const script = 'console.log(JSON.stringify({ version: "1" })); console.error("no disk"); process.exitCode = 3;';
    await assert.rejects(race({ ...contestant, args: ['-e', script] }), /^Error: x ended with exit code 3:\nno disk$/);
  });
});
