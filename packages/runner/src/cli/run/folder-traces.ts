import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Sqlite } from '../../ledger/sqlite.ts';
import { WriterLock } from '../../ledger/writer-lock.ts';
import { holdsLedger } from '../sweep-folder.ts';

/** What a run writes from the start, besides the lock; `docs/command-line.md` lists them for users. */
const FILES = [
  'ledger.db',
  'ledger.db-wal',
  'ledger.db-shm',
  'ledger.db-journal',
  'plan.json',
  'source.json',
  'sweep.log',
  'engine.log',
];
const LOCK = 'writer.lock';
const STARTED_TRIAL = "SELECT 1 FROM event WHERE type = 'leased' LIMIT 1";
/** Those that a run of a sweep that goes on writes anew. */
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
  /** Folders that are not there yet, the innermost first. */
  private readonly missing: readonly string[];

  constructor(folder: string) {
    this.folder = folder;
    this.present = new Set(existsSync(folder) ? readdirSync(folder) : []);
    this.hadLedger = holdsLedger(folder);
    this.missing = missingFolders(folder);
    const kept = this.hadLedger ? REWRITTEN.filter((name) => this.present.has(name)) : [];
    this.rewritten = new Map(kept.map((name) => [name, readFileSync(join(folder, name))]));
  }

  /**
   * Takes back what the run has left, as if it had never been started. Of a sweep that goes on, that is the record of where
   * its plan came from: the ledger keeps everything that was said. A ledger in which a trial was started stays, whoever
   * started it.
   */
  remove(): void {
    if (existsSync(this.folder)) this.clear();
    for (const folder of this.missing) if (!removeIfEmpty(folder)) break;
  }

  private clear(): void {
    const made = [...FILES, LOCK].filter((name) => !this.present.has(name) && existsSync(join(this.folder, name)));
    if (made.length === 0 && this.rewritten.size === 0) return;
    const lock = WriterLock.tryAcquire(this.folder);
    // Whoever holds it now goes on from what is there.
    if (lock === undefined) return;
    if (this.hadLedger) {
      for (const [name, content] of this.rewritten) writeFileSync(join(this.folder, name), content);
    } else if (!holdsStartedTrial(this.folder)) {
      for (const name of FILES) if (!this.present.has(name)) rmSync(join(this.folder, name), { force: true });
    }
    if (this.present.has(LOCK) || holdsLedger(this.folder)) lock.release();
    else lock.remove();
  }
}

function missingFolders(folder: string): string[] {
  const parent = dirname(folder);
  return existsSync(folder) || parent === folder ? [] : [folder, ...missingFolders(parent)];
}

function holdsStartedTrial(folder: string): boolean {
  if (!holdsLedger(folder)) return false;
  const database = new Sqlite(join(folder, 'ledger.db'));
  try {
    const table = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'event'").get();
    return table !== undefined && database.prepare(STARTED_TRIAL).get() !== undefined;
  } finally {
    database.close();
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
