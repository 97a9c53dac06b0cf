import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, type RecordedEvent, type SweepEvent } from '@l2bn/core/sweep';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { Ledger, LedgerInUseError } from './ledger.ts';
import { openToWrite } from './open-ledger.ts';
import { readKept, readLedger } from './read-ledger.ts';
import { Sqlite } from './sqlite.ts';

const plan = planOf(FOUR_ARMS);
const [trial] = plan.trials;
const leased: SweepEvent = { type: 'leased', trial: trial!.id, attempt: 1, worker: 0 };
const steps = (from: number): SweepEvent => ({
  type: 'steps',
  trial: trial!.id,
  attempt: 1,
  from,
  crossEntropy: [2.3],
  penalty: [0],
  accuracy: [0.1],
});

const LOCKER = `
import { DatabaseSync } from '@photostructure/sqlite';
const database = new DatabaseSync(process.argv[1]);
database.exec('BEGIN IMMEDIATE');
process.send('locked', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(process.argv[2]));
  database.exec('ROLLBACK');
  process.exit();
});
`;

/** Resolves when another process holds the write lock of a database; it keeps it for so long. */
async function lockingProcess(file: string, ms: number): Promise<void> {
  const locker = spawn(process.execPath, ['--input-type=module', '--eval', LOCKER, file, String(ms)], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  onTestFinished(() => void locker.kill('SIGKILL'));
  await once(locker, 'message');
}

/** What a killed process leaves of a ledger, or a part of it. */
function remainsOf(folder: string, names: readonly string[]): string {
  const copy = temporaryFolder();
  for (const name of names) copyFileSync(join(folder, name), join(copy, name));
  return copy;
}

describe('a ledger whose log somebody has deleted after a kill', () => {
  const whole = ['ledger.db', 'ledger.db-wal', 'ledger.mark'];

  /** A ledger of which four events are only in the log. */
  function open() {
    const folder = temporaryFolder();
    Ledger.open(folder, plan).close();
    const ledger = Ledger.open(folder, plan);
    onTestFinished(() => ledger.close());
    ledger.append({ type: 'phase', phase: 'running' });
    expect(existsSync(join(folder, 'ledger.mark'))).toBe(false);
    for (const event of [leased, steps(0), steps(1)]) ledger.append(event);
    ledger.flush();
    return folder;
  }

  it('says how many events are gone, once', () => {
    const folder = remainsOf(open(), ['ledger.db', 'ledger.mark']);
    const ledger = Ledger.open(folder, plan);
    expect([ledger.takeLost(), ledger.takeLost()]).toEqual([4, 0]);
    ledger.close();
    expect(existsSync(join(folder, 'ledger.mark'))).toBe(false);
  });

  it('is told apart from one that is whole, or was closed', () => {
    for (const folder of [remainsOf(open(), whole), remainsOf(open(), whole.slice(0, 2))]) {
      for (let i = 0; i < 2; i++) {
        const ledger = Ledger.open(folder, plan);
        expect([ledger.takeLost(), ledger.append(steps(2 + i)).seq]).toEqual([0, 5 + i]);
        ledger.close();
        expect(existsSync(join(folder, 'ledger.mark'))).toBe(false);
      }
    }
  });

  it('takes a mark beside a new ledger for none of its own', () => {
    const folder = remainsOf(open(), ['ledger.mark']);
    const ledger = Ledger.open(folder, plan);
    expect(ledger.takeLost()).toBe(0);
    ledger.close();
    expect(existsSync(join(folder, 'ledger.mark'))).toBe(false);
  });

  it('keeps the mark until it is told, also when something is added', () => {
    const folder = remainsOf(open(), ['ledger.db', 'ledger.mark']);
    const first = Ledger.open(folder, plan);
    first.append(leased);
    first.close();
    const second = Ledger.open(folder, plan);
    onTestFinished(() => second.close());
    expect(second.takeLost()).toBe(4);
    second.append(steps(0));
    second.flush();
    expect(readFileSync(join(folder, 'ledger.mark'), 'utf8').trim()).toBe('2');
  });
});

describe('Ledger', () => {
  it('numbers events without gaps and goes on where it was closed', () => {
    const folder = temporaryFolder();
    const first = Ledger.open(folder, plan);
    expect([first.append(leased).seq, first.append(steps(0)).seq]).toEqual([1, 2]);
    first.close();
    const second = Ledger.open(folder, plan);
    expect(second.append(steps(1)).seq).toBe(3);
    second.flush();
    expect([...second.eventsAfter(1)].map(({ seq, event }) => [seq, event])).toEqual([
      [2, steps(0)],
      [3, steps(1)],
    ]);
    second.close();
  });

  it('tells of an event only when it can be read from the disk', () => {
    const folder = temporaryFolder();
    const seen: RecordedEvent[] = [];
    const ledger = Ledger.open(folder, plan, {
      onCommit(events) {
        const rows = new Sqlite(join(folder, 'ledger.db'), { readOnly: true });
        const { n } = rows.prepare('SELECT COUNT(*) AS n FROM event').get() as { n: number };
        rows.close();
        seen.push(...events);
        expect(n).toBe(seen.length);
      },
    });
    ledger.append(steps(0));
    expect(seen).toHaveLength(0);
    ledger.append(leased);
    expect(seen.map(({ seq }) => seq)).toEqual([1, 2]);
    ledger.close();
  });

  it('spells the plan out for SQL: every cell and every trial once', () => {
    const folder = temporaryFolder();
    Ledger.open(folder, plan).close();
    const rows = new Sqlite(join(folder, 'ledger.db'), { readOnly: true });
    expect(rows.prepare('SELECT id FROM cell').all()).toHaveLength(4);
    expect(rows.prepare('SELECT trial, last_event FROM trial_status').all()).toEqual(
      plan.trials.map(({ id }) => ({ trial: id, last_event: 'planned' })),
    );
    rows.close();
  });

  it('goes on with more cells and seeds: what is done stays, what is new is planned', () => {
    const folder = temporaryFolder();
    const first = Ledger.open(folder, plan);
    first.append(leased);
    first.append({ type: 'done', trial: trial!.id, attempt: 1, step: 1, elapsed: 1, weightsHash: '' });
    first.close();
    const grown = planOf({ name: 'arms', axes: { batchNorm: [true, false], l2: [1e-4, 0, 1e-3] }, seeds: [2, 1] });
    const second = Ledger.open(folder, grown);
    second.close();
    const { state } = readLedger(folder);
    expect(state.trials).toHaveLength(12);
    expect(state.counts).toMatchObject({ done: 1, planned: 11 });
    expect(state.trials.find(({ id }) => id === trial!.id)?.status).toBe('done');
    const rows = new Sqlite(join(folder, 'ledger.db'), { readOnly: true });
    const positions = rows.prepare('SELECT id FROM trial ORDER BY position').all() as { id: string }[];
    expect(positions.map(({ id }) => id)).toEqual(grown.trials.map(({ id }) => id));
    expect(rows.prepare('SELECT hash FROM plan_revision').all()).toEqual([{ hash: plan.hash }, { hash: grown.hash }]);
    rows.close();
  });

  it('goes on with fewer cells and seeds where nobody has begun them', () => {
    const folder = temporaryFolder();
    const first = Ledger.open(folder, planOf({ ...FOUR_ARMS, seeds: 3 }));
    first.append(leased);
    first.close();
    const fewer = planOf({ name: 'arms', axes: { batchNorm: [true, false], l2: [0] } });
    Ledger.open(folder, fewer).close();
    expect(readLedger(folder).state).toMatchObject({ counts: { leased: 1, planned: 1 }, plan: { hash: fewer.hash } });
    const rows = new Sqlite(join(folder, 'ledger.db'), { readOnly: true });
    expect(rows.prepare('SELECT trial FROM trial_status').all()).toEqual(fewer.trials.map(({ id }) => ({ trial: id })));
    expect(rows.prepare('SELECT id FROM cell').all()).toHaveLength(2);
    rows.close();
  });

  it('refuses a plan that no longer asks for what is there, says what has changed, and leaves it as it is', () => {
    const folder = temporaryFolder();
    const ledger = Ledger.open(folder, plan);
    for (const { id } of plan.trials) ledger.append({ type: 'leased', trial: id, attempt: 1, worker: 0 });
    ledger.close();
    const shorter = planOf({ ...FOUR_ARMS, config: { epochs: 3 } });
    expect(() => Ledger.open(folder, shorter)).toThrow(/4 of the 4 trials .*\(epochs 10 → 3\)/);
    const fewer = planOf({ name: 'arms', axes: { batchNorm: [true, false], l2: [0] } });
    expect(() => Ledger.open(folder, fewer)).toThrow(/2 of the 4 trials .*\(BN · λ=1e-3, no BN · λ=1e-3\)/);
    expect(() => Ledger.open(folder, fewer)).toThrow(InputError);
    expect(readLedger(folder).state.plan.hash).toBe(plan.hash);
  });

  it('opens ledgers of every earlier version, keeps their results and goes on', () => {
    for (const version of [1]) {
      const folder = temporaryFolder();
      const stored = fileURLToPath(new URL(`./fixtures/ledgers/version-${version}.db`, import.meta.url));
      copyFileSync(stored, join(folder, 'ledger.db'));
      expect(readLedger(folder).state.counts).toMatchObject({ done: 1, leased: 1, planned: 2 });
      const ledger = Ledger.open(folder, planOf({ ...FOUR_ARMS, seeds: 2 }));
      ledger.append({ type: 'phase', phase: 'running' });
      ledger.close();
      const { trials, seq } = readLedger(folder).state;
      expect(seq).toBe(9);
      expect(trials).toHaveLength(8);
      expect(trials[0]).toMatchObject({ status: 'done', weightsHash: 'abc', curve: { crossEntropy: [2.3, 2.2] } });
      Ledger.open(folder, planOf({ ...FOUR_ARMS, seeds: 2 })).close();
    }
  });

  it('leaves a ledger of a newer l2bn alone', () => {
    const folder = temporaryFolder();
    Ledger.open(folder, plan).close();
    const database = new Sqlite(join(folder, 'ledger.db'));
    database.exec("UPDATE meta SET value = '99' WHERE key = 'version'");
    database.close();
    expect(() => readLedger(folder)).toThrow(/version: got 99, want 1 to 3 /);
    expect(() => Ledger.open(folder, plan)).toThrow(/version: got 99, want 1 to 3 \(this l2bn\), or a newer l2bn/);
  });

  it('keeps what is said first', () => {
    const ledger = Ledger.open(temporaryFolder(), plan);
    expect([ledger.keep('data', 'a'), ledger.keep('data', 'b')]).toEqual(['a', 'a']);
    ledger.close();
  });

  it('refuses a file that is no ledger, naming it', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ledger.db'), 'no database at all, but long enough to have a header'.repeat(50));
    expect(() => Ledger.open(folder, plan)).toThrow(/ledger\.db: got a file that is not a ledger/);
  });

  it('makes a new ledger where a process was killed before its tables stood', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ledger.db'), '');
    const ledger = Ledger.open(folder, plan);
    expect(ledger.append(leased).seq).toBe(1);
    ledger.close();
  });

  it('keeps where a plan comes from together with it', () => {
    const folder = temporaryFolder();
    Ledger.open(folder, plan, { source: 'a' }).close();
    expect(readKept(folder, 'source')).toBe('a');
    // Whatever dies when the ledger has grown: what was asked for is in it.
    const grown = Ledger.open(folder, planOf({ ...FOUR_ARMS, seeds: 2 }), { source: 'b' });
    expect(readKept(folder, 'source')).toBe('b');
    grown.append(leased);
    grown.close();
    expect(() => Ledger.open(folder, planOf({ ...FOUR_ARMS, config: { epochs: 3 } }), { source: 'c' })).toThrow(
      InputError,
    );
    Ledger.openAsIs(folder).close();
    expect(readKept(folder, 'source')).toBe('b');
  });

  it('begins no new ledger where that of a sweep was lost', () => {
    for (const remains of ['plan.json', 'checkpoints']) {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'ledger.db'), '');
      writeFileSync(join(folder, remains), '');
      expect(() => Ledger.open(folder, plan)).toThrow(`a damaged one (it is empty, beside ${remains} of a sweep)`);
      expect(() => Ledger.open(folder, plan)).toThrow(InputError);
    }
  });

  it('says of every damage that the ledger is damaged and what helps', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'ledger.db');
    const ledger = Ledger.open(folder, plan);
    ledger.append(leased);
    ledger.close();
    const whole = readFileSync(file);
    const database = new Sqlite(file);
    const { pgno } = database.prepare("SELECT rootpage AS pgno FROM sqlite_schema WHERE name = 'event'").get() as {
      pgno: number;
    };
    database.exec('UPDATE event SET body = substr(body, 1, 10)');
    database.close();
    const damaged = /ledger\.db: got a file that is not a ledger, or a damaged one \(.*want a sound one: a copy of it/;
    expect(() => readLedger(folder)).toThrow(/event 1 is no JSON/);
    expect(() => readLedger(folder)).toThrow(damaged);
    const torn = Ledger.open(folder, plan);
    expect(() => [...torn.eventsAfter(0)]).toThrow(damaged);
    torn.close();
    // The page of the events overwritten.
    writeFileSync(file, whole.fill(0xff, (pgno - 1) * 4096, pgno * 4096));
    expect(() => readLedger(folder)).toThrow(damaged);
    expect(() => Ledger.open(folder, plan)).toThrow(damaged);
    expect(() => readLedger(folder)).toThrow(InputError);
  });

  it('waits for a program that locks it for a moment, and names what is in the way of one that stays', {
    timeout: 60_000,
  }, async () => {
    const folder = temporaryFolder();
    const errors: Error[] = [];
    const ledger = Ledger.open(folder, plan, { onError: (error) => errors.push(error) });
    const lockedFor = (ms: number) => lockingProcess(join(folder, 'ledger.db'), ms);
    await lockedFor(600);
    ledger.append(leased);
    expect(errors).toEqual([]);
    await lockedFor(60_000);
    ledger.append({ type: 'interrupted', trial: trial!.id, attempt: 1, reason: 'x' });
    expect(errors).toEqual([expect.any(InputError)]);
    expect(errors[0]?.message).toMatch(/ledger\.db: got a lock of another program, for 5 s, want nobody else/);
    ledger.close();
  });

  it('is on the disk with every commit, and in the ledger itself from the start', () => {
    const folder = temporaryFolder();
    const database = openToWrite(join(folder, 'other.db'));
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
    const ledger = Ledger.open(folder, plan);
    const copy = temporaryFolder();
    copyFileSync(join(folder, 'ledger.db'), join(copy, 'ledger.db'));
    expect(readLedger(copy).state.plan.hash).toBe(plan.hash);
    ledger.close();
  });

  it('refuses a second writer, lets a reader in, and is free again after close', () => {
    const folder = temporaryFolder();
    const ledger = Ledger.open(folder, plan);
    ledger.append(leased);
    expect(() => Ledger.open(folder, plan)).toThrow(LedgerInUseError);
    expect(readLedger(folder).state.counts.leased).toBe(1);
    ledger.close();
    Ledger.open(folder, plan).close();
  });

  it('keeps every acknowledged event when its process is killed, and frees the folder', {
    timeout: 60_000,
  }, async () => {
    const folder = temporaryFolder();
    const script = fileURLToPath(new URL('../fixtures/append-for-ever.ts', import.meta.url));
    const writer = fork(script, [folder], {
      // Node 20 does not strip types.
      execArgv: ['--import', import.meta.resolve('jiti/register')],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let acknowledged = 0;
    writer.on('message', (seq: number) => {
      acknowledged = seq;
      if (seq === 200) writer.kill('SIGKILL');
    });
    await once(writer, 'exit');
    expect(acknowledged).toBeGreaterThanOrEqual(200);
    const ledger = Ledger.open(folder, plan);
    const seqs = [...ledger.eventsAfter(0)].map(({ seq }) => seq);
    expect(seqs.length).toBeGreaterThanOrEqual(acknowledged);
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    ledger.close();
  });

  it('names a few of the cells that a new plan has lost, not thousands', () => {
    const folder = temporaryFolder();
    const axes = (points: number) => ({ name: 'x', axes: { l2: { linear: [0, 1] as [number, number], points } } });
    const wide = planOf(axes(41));
    const ledger = Ledger.open(folder, wide);
    for (const { id } of wide.trials) ledger.append({ type: 'cancelled', trial: id, attempt: 0 });
    ledger.close();
    expect(() => Ledger.open(folder, planOf(axes(2)))).toThrow(
      /39 of the 41 trials that this folder has a record of \(λ=2.5e-2, .*, 31 more\)/,
    );
  });

  it.each(['ledger.db', 'ledger.db-wal'])('takes no more events when its file %s is gone', (file) => {
    const folder = temporaryFolder();
    const errors: string[] = [];
    const ledger = Ledger.open(folder, plan, { onError: ({ message }) => errors.push(message) });
    ledger.append(leased);
    renameSync(join(folder, file), join(folder, 'elsewhere.db'));
    ledger.append({ ...leased, attempt: 2 });
    expect(errors).toEqual([expect.stringContaining(`${file} was deleted or moved away`)]);
    expect(ledger.keep('data', 'hash')).toBe('hash');
    ledger.close();
  });
});
