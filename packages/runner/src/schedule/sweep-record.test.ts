import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { Ledger } from '../ledger/ledger.ts';
import { readEvents, readKept } from '../ledger/read-ledger.ts';
import { Sqlite } from '../ledger/sqlite.ts';
import { SweepRecord, type SweepRecordOptions } from './sweep-record.ts';

const PLAN = planOf(FOUR_ARMS);
const IDS = PLAN.trials.map(({ id }) => id) as [string, string, string, string];

function open(folder: string, options: Partial<SweepRecordOptions> = {}) {
  const broken: string[] = [];
  const types: string[] = [];
  const record = new SweepRecord({
    plan: PLAN,
    folder,
    onEvents: (events) => types.push(...events.map(({ event }) => event.type)),
    onBroken: (reason) => broken.push(reason),
    ...options,
  });
  onTestFinished(() => record.close(0));
  return { record, broken, types };
}

/** What a coordinator has left that was killed while the first two trials ran. */
function killed(): string {
  const folder = temporaryFolder();
  const ledger = Ledger.open(folder, PLAN);
  for (const [worker, trial] of IDS.slice(0, 2).entries()) ledger.append({ type: 'leased', trial, attempt: 1, worker });
  ledger.close();
  return folder;
}

/** A ledger that refuses events of this type, as a full disk does. */
function refuse(folder: string, type: string): void {
  const database = new Sqlite(join(folder, 'ledger.db'));
  database.exec(`CREATE TRIGGER full BEFORE INSERT ON event WHEN NEW.type = '${type}'
    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`);
  database.close();
}

it('has the state that its events make, and settles what was left running', () => {
  const { record, types } = open(killed());
  expect(record.state.trials.map(({ status }) => status)).toEqual(['interrupted', 'interrupted', 'planned', 'planned']);
  expect(types).toEqual(['interrupted', 'interrupted']);
  expect(record.eventsAfter(2, 1).map(({ event }) => event.type)).toEqual(['interrupted']);
});

it('removes what nobody can use of a trial that was cancelled as its coordinator was killed', () => {
  const folder = killed();
  const ledger = Ledger.open(folder, PLAN);
  ledger.append({ type: 'cancelled', trial: IDS[0], attempt: 1 });
  ledger.close();
  for (const id of IDS.slice(0, 2)) {
    mkdirSync(join(folder, 'checkpoints', id), { recursive: true });
    writeFileSync(join(folder, 'checkpoints', id, 'epoch-0.ckpt'), '');
  }
  open(folder);
  expect(readdirSync(join(folder, 'checkpoints'))).toEqual([IDS[1]]);
});

it('says once that the ledger cannot be written, and how to go on, also while it opens', () => {
  const folder = killed();
  refuse(folder, 'interrupted');
  const { record, broken, types } = open(folder, { resumeCommand: () => 'l2bn run arms' });
  expect(broken).toEqual([
    expect.stringMatching(
      /^the ledger cannot be written: \S+ledger\.db: .*full.*\. Make room or .*\. To go on after the last recorded event then: l2bn run arms$/,
    ),
  ]);
  expect(record.failure).toMatch(/^the ledger cannot be written: \S+ledger\.db: .*full[^.]*$/);
  record.append({ type: 'phase', phase: 'running' });
  expect([broken.length, types]).toEqual([1, []]);
  expect(readEvents(folder)).toHaveLength(2);
});

it('names the command that goes on only where there is something to go on with', () => {
  const resumeCommand = () => 'l2bn run arms';
  const { record } = open(temporaryFolder(), { resumeCommand });
  expect(record.howToGoOn).toBe('run the same command');
  record.append({ type: 'leased', trial: IDS[0], attempt: 1, worker: 0 });
  expect(record.howToGoOn).toBe('l2bn run arms');
  expect(open(killed()).record.howToGoOn).toBe('run the same command');
});

it('adds what was not heard to what was not heard before', () => {
  const folder = temporaryFolder();
  for (const dropped of [2, 0, 3]) {
    const record = new SweepRecord({ plan: PLAN, folder, onEvents: () => {}, onBroken: () => {} });
    record.close(dropped);
  }
  expect(readKept(folder, 'dropped reports')).toBe('5');
});
