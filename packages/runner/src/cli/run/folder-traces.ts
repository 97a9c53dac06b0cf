import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError, type SweepPlan } from '@l2bn/core/sweep';
import { Ledger, LedgerInUseError } from '../../ledger/ledger.ts';
import { readKept } from '../../ledger/read-ledger.ts';
import { Sqlite, type SqliteDatabase } from '../../ledger/sqlite.ts';
import { writeWhole } from '../../ledger/whole-file.ts';
import { WriterLock } from '../../ledger/writer-lock.ts';
import { holdsLedger } from '../target/sweep-folder.ts';

/** What a run writes from the start, besides the lock; `docs/command-line.md` lists them for users. */
const FILES = [
  'ledger.db',
  'ledger.db-wal',
  'ledger.db-shm',
  'ledger.db-journal',
  'ledger.mark',
  'plan.json',
  'source.json',
  'sweep.log',
  'engine.log',
];
const LOCK = 'writer.lock';
const STARTED_TRIAL = "SELECT 1 FROM event WHERE type = 'leased' LIMIT 1";
/** Those that a run writes anew, whosever they are. */
const REWRITTEN = ['plan.json', 'source.json'];

/**
 * What a run leaves in the file system before its first trial, and how it is taken back. Made before anything else is; what
 * is there by then is never removed.
 */
export class FolderTraces {
  /** Whether the run goes on with results that were there before. */
  readonly hadLedger: boolean;
  private readonly folder: string;
  private readonly present: ReadonlySet<string>;
  private readonly rewritten: ReadonlyMap<string, Buffer>;
  /** What the ledger held; the files beside it may be older, if a run was killed before it wrote them. */
  private readonly plan: string | undefined;
  private readonly source: string | undefined;
  /** Folders that are not there yet, the innermost first. */
  private readonly missing: readonly string[];

  constructor(folder: string) {
    this.folder = folder;
    this.present = new Set(existsSync(folder) ? readdirSync(folder) : []);
    this.hadLedger = holdsLedger(folder);
    this.missing = missingFolders(folder);
    const kept = REWRITTEN.filter((name) => this.present.has(name));
    this.rewritten = new Map(kept.map((name) => [name, readFileSync(join(folder, name))]));
    this.plan = keptIn(folder, 'plan');
    this.source = keptIn(folder, 'source') ?? this.rewritten.get('source.json')?.toString();
  }

  /**
   * Takes back what the run has left, as if it had never been started. Of a sweep that goes on, that is its plan and the
   * record of where it came from; what was said stays in the ledger. A ledger in which a trial was started stays, whoever
   * started it.
   */
  async remove(): Promise<void> {
    if (existsSync(this.folder)) await this.clear();
    for (const folder of this.missing) if (!removeIfEmpty(folder)) break;
  }

  private async clear(): Promise<void> {
    const made = [...FILES, LOCK].filter((name) => !this.present.has(name) && existsSync(join(this.folder, name)));
    if (made.length === 0 && this.rewritten.size === 0) return;
    const lock = WriterLock.tryAcquire(this.folder);
    // Whoever holds it now goes on from what is there.
    if (lock === undefined) return;
    if (this.hadLedger || !holdsStartedTrial(this.folder)) await this.restore();
    if (!this.hadLedger && !holdsStartedTrial(this.folder)) {
      for (const name of FILES) if (!this.present.has(name)) rmSync(join(this.folder, name), { force: true });
    }
    if (this.present.has(LOCK) || holdsLedger(this.folder)) lock.release();
    else lock.remove();
    if (this.plan !== undefined) takePlanBack(this.folder, JSON.parse(this.plan) as SweepPlan, this.source);
  }

  private async restore(): Promise<void> {
    for (const [name, content] of this.rewritten) {
      const path = join(this.folder, name);
      // Untouched where nothing has changed: on a full disk it could not be written again.
      if (!existsSync(path) || !readFileSync(path).equals(content)) await writeWhole(path, content);
    }
  }
}

/** Undefined for a ledger that cannot be read: the run is about to say so. */
function keptIn(folder: string, key: string): string | undefined {
  try {
    return readKept(folder, key);
  } catch {
    return undefined;
  }
}

/** What nobody has begun can be dropped again; a plan that somebody has begun with, or goes on with now, stays. */
function takePlanBack(folder: string, plan: SweepPlan, source: string | undefined): void {
  try {
    Ledger.open(folder, plan, source === undefined ? {} : { source }).close();
  } catch (error) {
    if (!(error instanceof InputError || error instanceof LedgerInUseError)) throw error;
  }
}

function missingFolders(folder: string): string[] {
  const parent = dirname(folder);
  return existsSync(folder) || parent === folder ? [] : [folder, ...missingFolders(parent)];
}

function holdsStartedTrial(folder: string): boolean {
  if (!holdsLedger(folder)) return false;
  let database: SqliteDatabase | undefined;
  try {
    database = new Sqlite(join(folder, 'ledger.db'));
    const table = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'event'").get();
    return table !== undefined && database.prepare(STARTED_TRIAL).get() !== undefined;
  } catch {
    // On a full disk it may not even be a whole ledger yet. Whoever has started a trial has a folder of checkpoints.
    return existsSync(join(folder, 'checkpoints'));
  } finally {
    database?.close();
  }
}

/** False where others have put something into it. */
function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return !existsSync(folder);
  }
}
