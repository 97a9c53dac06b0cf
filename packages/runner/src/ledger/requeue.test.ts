import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, type SweepEvent } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { Ledger, LedgerInUseError } from './ledger.ts';
import { readLedger } from './read-ledger.ts';
import { requeueInLedger } from './requeue.ts';
import { Sqlite } from './sqlite.ts';

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
    expect(requeueInLedger(folder, null)).toBe(2);
    expect(statusesIn(folder)).toEqual(['planned', 'planned', 'pruned', 'done']);
    expect(requeueInLedger(folder, null)).toBe(0);
  });

  it('puts back one by its name, a pruned one, too, and never a result', () => {
    const folder = sweep();
    expect([pruned, failed, done, 'nobody'].map((trial) => requeueInLedger(folder, trial))).toEqual([1, 1, 0, 0]);
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
});
