import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, type SweepEvent } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { Ledger, LedgerInUseError } from '../ledger/ledger.ts';
import { readKept, readLedger } from '../ledger/read-ledger.ts';
import { Sqlite } from '../ledger/sqlite.ts';
import { ModelVersions } from './model-versions.ts';
import { requeueInLedger } from './requeue.ts';

const plan = planOf(FOUR_ARMS);
const [failed, cancelled, pruned, done] = plan.trials.map(({ id }) => id) as [string, string, string, string];
const END = { attempt: 1, step: 1 };
const PRUNED = { ...END, epoch: 1, rule: 'asha', metric: 'crossEntropy', value: 2, threshold: 1, peers: 3 };

/** One trial of each end. */
function sweep(): string {
  const folder = temporaryFolder();
  const ledger = Ledger.open(folder, plan);
  const events: SweepEvent[] = [
    ...plan.trials.map(({ id: trial }): SweepEvent => ({ type: 'leased', trial, attempt: 1, worker: 0 })),
    { type: 'failed', trial: failed, attempt: 1, error: 'no', stack: '' },
    { type: 'cancelled', trial: cancelled, attempt: 1 },
    { type: 'pruned', trial: pruned, ...PRUNED },
    { type: 'done', trial: done, ...END, elapsed: 1, weightsHash: '' },
  ];
  for (const event of events) ledger.append(event);
  ledger.close();
  return folder;
}

const statusesIn = (folder: string) => readLedger(folder).state.trials.map(({ status }) => status);

describe('requeueInLedger', () => {
  it('puts back what has failed or was cancelled, once', () => {
    const folder = sweep();
    expect(requeueInLedger(folder, null)).toEqual({ count: 2, accepted: [] });
    expect(statusesIn(folder)).toEqual(['planned', 'planned', 'pruned', 'done']);
    expect(requeueInLedger(folder, null).count).toBe(0);
  });

  it('puts back one by its name, a pruned one, too, and never a result', () => {
    const folder = sweep();
    expect([pruned, failed, done, 'nobody'].map((trial) => requeueInLedger(folder, trial).count)).toEqual([1, 1, 0, 0]);
    expect(statusesIn(folder)).toEqual(['planned', 'cancelled', 'planned', 'done']);
  });

  it('leaves the plan as it finds it, which may have grown', () => {
    const folder = sweep();
    const grown = planOf({ ...FOUR_ARMS, seeds: 2 });
    Ledger.open(folder, grown).close();
    requeueInLedger(folder, failed);
    expect(readLedger(folder).state.plan.hash).toBe(grown.hash);
    const rows = new Sqlite(join(folder, 'ledger.db'), { readOnly: true });
    expect(rows.prepare('SELECT hash FROM plan_revision').all()).toEqual([{ hash: plan.hash }, { hash: grown.hash }]);
    rows.close();
  });

  it('changes nothing under a run, and makes no ledger where there is none', () => {
    const folder = sweep();
    const run = Ledger.open(folder, plan);
    expect(() => requeueInLedger(folder, null)).toThrow(LedgerInUseError);
    run.close();
    expect(statusesIn(folder)).toEqual(['failed', 'cancelled', 'pruned', 'done']);
    const empty = join(temporaryFolder(), 'empty');
    mkdirSync(empty);
    expect(() => requeueInLedger(empty, null)).toThrow(InputError);
    expect(readdirSync(empty)).not.toContain('ledger.db');
  });

  describe('where a module was edited', () => {
    const models = planOf({ ...FOUR_ARMS, config: { model: './net.mjs' } });
    const [broken, waiting, , result] = models.trials.map(({ id }) => id) as [string, string, string, string];
    const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

    /** One failed from its checkpoint, one interrupted behind its checkpoint, one not begun; one done, where asked for. */
    function edited({ isDone = true, now = 'mended' } = {}) {
      const folder = temporaryFolder();
      const ledger = Ledger.open(folder, models);
      ledger.keep('model ./net.mjs', hashOf('first'));
      const begin = (trial: string): SweepEvent[] => [
        { type: 'leased', trial, attempt: 1, worker: 0 },
        { type: 'checkpoint', trial, attempt: 1, epoch: 1, step: 9 },
      ];
      const events: SweepEvent[] = [
        ...begin(broken),
        { type: 'failed', trial: broken, attempt: 1, error: 'no', stack: '' },
        ...(isDone
          ? [...begin(waiting), { type: 'interrupted', trial: waiting, attempt: 1, reason: 'stopped' } as const]
          : []),
        ...(isDone
          ? [...begin(result), { type: 'done', trial: result, ...END, elapsed: 1, weightsHash: '' } as const]
          : []),
      ];
      for (const event of events) ledger.append(event);
      ledger.close();
      writeFileSync(join(folder, 'net.mjs'), now);
      const { trials } = readLedger(folder).state;
      const requeue = (acceptEdited: boolean) =>
        requeueInLedger(folder, null, { baseDirectory: folder, acceptEdited, advice: 'what helps' });
      const mixed = () => new ModelVersions((key) => readKept(folder, key)).mixed(readLedger(folder).state);
      return { folder, trials, requeue, mixed };
    }

    it('puts nothing back beside results of what it was, and says what helps', () => {
      const { folder, trials, requeue } = edited();
      expect(() => requeue(false)).toThrow(
        /config\.model: got \.\/net\.mjs, which was edited since 2 trials were trained with it .*, want what helps$/,
      );
      expect(readLedger(folder).state.trials).toEqual(trials);
      expect(readKept(folder, 'model ./net.mjs')).toBe(hashOf('first'));
    });

    it('accepts both where it is told to, begins anew what would go on, and knows the results of what it was', () => {
      const { folder, requeue, mixed } = edited();
      expect(requeue(true)).toEqual({ count: 1, accepted: ['./net.mjs'] });
      const { trials } = readLedger(folder).state;
      expect(trials.map(({ status, checkpoint }) => [status, checkpoint?.epoch])).toEqual([
        ['planned', undefined],
        ['planned', undefined],
        ['planned', undefined],
        ['done', 1],
      ]);
      expect(readKept(folder, 'model ./net.mjs')).toBe(hashOf('mended'));
      expect(mixed()).toEqual([{ model: './net.mjs', older: 1, results: 1 }]);

      const ledger = Ledger.open(folder, models);
      ledger.append({ type: 'leased', trial: broken, attempt: 2, worker: 0 });
      ledger.append({ type: 'done', trial: broken, attempt: 2, step: 1, elapsed: 1, weightsHash: '' });
      ledger.close();
      expect(mixed()).toEqual([{ model: './net.mjs', older: 1, results: 2 }]);
      // Once more: what is of the first version is not of the second as well.
      writeFileSync(join(folder, 'net.mjs'), 'again');
      expect(requeue(true)).toEqual({ count: 0, accepted: ['./net.mjs'] });
      expect(mixed()).toEqual([{ model: './net.mjs', older: 2, results: 2 }]);
      // And back: that is again what the first result is of.
      writeFileSync(join(folder, 'net.mjs'), 'first');
      expect(requeue(true)).toEqual({ count: 0, accepted: ['./net.mjs'] });
      expect(mixed()).toEqual([{ model: './net.mjs', older: 1, results: 2 }]);
    });

    it('takes a module that is gone for no other version', () => {
      for (const isDone of [true, false]) {
        const { folder, trials, requeue } = edited({ isDone });
        rmSync(join(folder, 'net.mjs'));
        for (const accept of [true, false]) {
          expect(() => requeue(accept)).toThrow('config.model: got ./net.mjs, which cannot be read, want the module');
        }
        expect(readLedger(folder).state.trials).toEqual(trials);
        expect(readKept(folder, 'model ./net.mjs')).toBe(hashOf('first'));
      }
    });

    it('needs no word where there is no result yet, and begins anew', () => {
      const { folder, requeue, mixed } = edited({ isDone: false });
      expect(requeue(false)).toEqual({ count: 1, accepted: ['./net.mjs'] });
      expect(readLedger(folder).state.trials[0]).toMatchObject({ status: 'planned', checkpoint: null });
      expect(mixed()).toEqual([]);
    });

    it('goes on from the checkpoint with the module as it was', () => {
      const { folder, requeue } = edited({ now: 'first' });
      expect(requeue(false)).toEqual({ count: 1, accepted: [] });
      expect(readLedger(folder).state.trials[0]).toMatchObject({ status: 'planned', checkpoint: { epoch: 1 } });
    });
  });
});
