import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Characters of a mark: as many as the largest number has, and the end of the line. */
const LENGTH = 17;

/**
 * The number of the last event that was committed, in a file of its own beside the ledger, as long as some of it is only in
 * SQLite's log. Whoever deletes that log after a kill takes seconds of events away without a trace in the ledger; the mark tells.
 *
 * It is not brought to the disk: a process that is killed leaves it, and after a power failure it is older than the ledger, which
 * is no alarm. Written after the commit, so it is never ahead of a ledger that is whole.
 */
export class CommitMark {
  private readonly file: string;
  private descriptor: number | undefined;

  constructor(folder: string) {
    this.file = join(folder, 'ledger.mark');
  }

  /** 0 where there is none that can be read. */
  read(): number {
    try {
      const seq = Number(readFileSync(this.file, 'utf8'));
      return Number.isSafeInteger(seq) ? seq : 0;
    } catch {
      return 0;
    }
  }

  write(seq: number): void {
    try {
      this.descriptor ??= openSync(this.file, 'w');
      writeSync(this.descriptor, `${String(seq).padStart(LENGTH - 1)}\n`, 0);
    } catch {
      // Without it the ledger is as safe as with it.
    }
  }

  /** @param isKept Whether the file is to stay. */
  close(isKept: boolean): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
    if (isKept || !existsSync(this.file)) return;
    try {
      rmSync(this.file);
    } catch {
      // A folder that has become read-only keeps it; it says what the ledger says.
    }
  }
}
