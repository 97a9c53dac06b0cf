import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';

/**
 * Epochs kept while a trial runs. More than one, because whoever records the events lags behind, and a trial may only go on
 * from an epoch that is recorded.
 */
const KEPT_EPOCHS = 3;
const EPOCH_FILE = /^epoch-(\d+)\.ckpt$/;

/** What `link` fails with on file systems that have no hard links (FAT, exFAT, SMB), or where a file can have no more. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Checkpoints of one trial: a folder with a file for each of its last epochs, and `best.ckpt`. */
export class CheckpointStore {
  private readonly folder: string;
  private readonly link: typeof linkSync;

  /** @param link Gives a file a second name. */
  constructor(folder: string, link = linkSync) {
    this.folder = folder;
    this.link = link;
  }

  /**
   * Keeps a checkpoint, as the best one too if it is; files of later epochs go, and old ones. Later ones are of an attempt that
   * got further than what was recorded of it: this one will make the same again. (`best.ckpt` stays though it may be of such
   * an epoch; it has no second name then.)
   *
   * Throws what the file system throws, and then nothing is kept of this checkpoint, but all that was there up to its epoch.
   *
   * May be killed between any two steps. The ledger names an earlier epoch then, whose file stands: the only ones of earlier
   * epochs that go are those with three newer ones on the disk, and they go last.
   */
  save(checkpoint: Checkpoint, isBest: boolean): void {
    const { epoch } = checkpoint;
    mkdirSync(this.folder, { recursive: true });
    // First, as these may fill the disk.
    this.remove(this.epochs().filter((other) => other > epoch));
    const file = this.fileOf(epoch);
    writeCheckpoint(file, checkpoint);
    if (isBest) {
      try {
        this.keepAsBest(file);
      } catch (error) {
        // Left there it would count among the last three, and in time displace the one that is recorded.
        this.remove([epoch]);
        throw error;
      }
    }
    this.remove(this.epochs().slice(0, -KEPT_EPOCHS));
  }

  /** The checkpoint of an epoch; undefined if there is none that is whole. Throws if it cannot be read. */
  load(epoch: number): Checkpoint | undefined {
    const checkpoint = readCheckpoint(this.fileOf(epoch));
    return checkpoint?.epoch === epoch ? checkpoint : undefined;
  }

  /** Leaves the last checkpoint and the best one. */
  keepLastAndBest(): void {
    this.remove(this.epochs().slice(0, -1));
  }

  /** Epochs that have a file, in ascending order; none where there is no folder. */
  private epochs(): number[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder)
      .flatMap((name) => EPOCH_FILE.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  private fileOf(epoch: number): string {
    return join(this.folder, `epoch-${epoch}.ckpt`);
  }

  private remove(epochs: number[]): void {
    for (const epoch of epochs) rmSync(this.fileOf(epoch), { force: true });
  }

  /**
   * A second name for the file, so that it stays when its first name goes; a copy where there can be none. The folder need not
   * be brought to the disk for it: the first name goes after the next checkpoint at the earliest, and that one does.
   */
  private keepAsBest(file: string): void {
    const temporary = join(this.folder, 'best.tmp');
    rmSync(temporary, { force: true });
    try {
      this.link(file, temporary);
    } catch (error) {
      if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      copyWhole(file, temporary);
    }
    renameSync(temporary, join(this.folder, 'best.ckpt'));
  }
}

/** Copies a file to the disk, or nothing. */
function copyWhole(file: string, copy: string): void {
  try {
    copyFileSync(file, copy);
    const descriptor = openSync(copy, 'r+');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
}
