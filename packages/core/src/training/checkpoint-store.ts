import { existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';

/**
 * Epochs kept while a trial runs. More than one, because whoever records the events lags behind, and a trial may only go on
 * from an epoch that is recorded.
 */
const KEPT_EPOCHS = 3;
const EPOCH_FILE = /^epoch-(\d+)\.ckpt$/;

/** Checkpoints of one trial: a folder with a file for each of its last epochs, and `best.ckpt`. */
export class CheckpointStore {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Keeps a checkpoint, as the best one too if it is; old ones go. Throws what the file system throws. */
  save(checkpoint: Checkpoint, isBest: boolean): void {
    mkdirSync(this.folder, { recursive: true });
    const file = this.fileOf(checkpoint.epoch);
    writeCheckpoint(file, checkpoint);
    if (isBest) this.linkBest(file);
    for (const epoch of this.epochs().slice(0, -KEPT_EPOCHS)) rmSync(this.fileOf(epoch), { force: true });
  }

  /** The checkpoint of an epoch; undefined if there is none that is whole. */
  load(epoch: number): Checkpoint | undefined {
    const checkpoint = readCheckpoint(this.fileOf(epoch));
    return checkpoint?.epoch === epoch ? checkpoint : undefined;
  }

  /** Leaves the last checkpoint and the best one. */
  keepLastAndBest(): void {
    for (const epoch of this.epochs().slice(0, -1)) rmSync(this.fileOf(epoch), { force: true });
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

  /** A second name for the file, so that it stays when its first name goes; nothing is copied. */
  private linkBest(file: string): void {
    const temporary = join(this.folder, 'best.tmp');
    rmSync(temporary, { force: true });
    linkSync(file, temporary);
    renameSync(temporary, join(this.folder, 'best.ckpt'));
  }
}
