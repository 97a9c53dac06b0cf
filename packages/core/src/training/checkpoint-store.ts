import { existsSync, type linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
import { giveSecondName } from './second-name.ts';

/**
 * Epochs kept while a trial runs. More than one, because whoever records the events lags behind, and a trial may only go on
 * from an epoch that is recorded.
 */
const KEPT_EPOCHS = 3;
const EPOCH_FILE = /^epoch-(\d+)\.ckpt$/;
const STOPPED_FILE = /^epoch-(\d+)-stopped\.ckpt$/;
const HALF_WRITTEN = /^(epoch-\d+(-stopped)?\.ckpt|best)\.tmp$/;
const HALF_STOPPED_FILE = /^epoch-(\d+)-stopped\.ckpt\.tmp$/;

export interface CheckpointStoreOptions {
  /** Goes into every file; one of another owner is none. @defaultValue no file is told from another's */
  owner?: NonNullable<Checkpoint['owner']>;
  /** The last epoch whose checkpoint is recorded, or anything below 0. @defaultValue every one that was saved is */
  recorded?: () => number;
  /** Gives a file a second name. @defaultValue that of `node:fs` */
  link?: typeof linkSync;
}

/** The checkpoint that was recorded last. `step` is left out where it is known to be the one after a whole epoch. */
export interface RecordedCheckpoint {
  epoch: number;
  step?: number;
}

/** What there is to go on from. */
export interface FoundCheckpoint {
  checkpoint: Checkpoint | undefined;
  /** Why it is not the one that was asked for; undefined if it is. */
  problem: string | undefined;
}

/**
 * Checkpoints of one trial: a folder with a file for each of its last epochs, `best.ckpt`, and, where it was stopped inside an
 * epoch, the state at that step in `epoch-<epochs done>-stopped.ckpt`.
 */
export class CheckpointStore {
  private readonly folder: string;
  private readonly options: CheckpointStoreOptions;

  /** @param folder Made with the first checkpoint, in a folder that is there. */
  constructor(folder: string, options: CheckpointStoreOptions = {}) {
    this.folder = folder;
    this.options = options;
  }

  /**
   * Keeps a checkpoint, as the best one too if it is; files of later epochs go, and old ones. Later ones are of an attempt that
   * got further than what was recorded of it: this one will make the same again. (`best.ckpt` stays though it may be of such
   * an epoch; it has no second name then.)
   *
   * Throws what the file system throws, and then nothing is kept of this checkpoint, but all that was there up to its epoch.
   *
   * May be killed between any two steps. The ledger names an earlier epoch then, whose file stands, or one before it: however
   * far the record lags behind, the last file that it may name is kept, and what goes, goes last.
   */
  save(checkpoint: Checkpoint, isBest: boolean): void {
    const { epoch, begun } = checkpoint;
    this.makeFolder();
    // First, as these may fill the disk.
    this.remove(this.epochs().filter((other) => other > epoch));
    const file = this.fileOf(epoch, begun !== undefined);
    this.removeStopped((other) => other > epoch || (other === epoch && begun === undefined));
    writeCheckpoint(file, { ...checkpoint, ...this.owner() });
    if (begun !== undefined) return;
    if (isBest) {
      try {
        this.keepAsBest(file);
      } catch (error) {
        // Left there it would count among the last three, and in time displace the one that is recorded.
        this.remove([epoch]);
        throw error;
      }
    }
    this.removeOld();
  }

  /** The checkpoint after a whole epoch; undefined if there is none that is whole. Throws if it cannot be read. */
  load(epoch: number): Checkpoint | undefined {
    const found = this.read(this.fileOf(epoch), epoch);
    return typeof found === 'string' ? undefined : found;
  }

  /**
   * The recorded checkpoint, or else the last whole one before it: what was done after that is done again, with the same
   * numbers. Not a later one, whose events up to there nobody has recorded. Throws if one that comes first cannot be read.
   */
  find({ epoch, step }: RecordedCheckpoint): FoundCheckpoint {
    const isStopped = step !== undefined && this.stopped().includes(epoch);
    const stopped = isStopped ? this.read(this.fileOf(epoch, true), epoch, step) : undefined;
    if (typeof stopped === 'object') return { checkpoint: stopped, problem: undefined };
    let problem: string | undefined;
    for (const other of [epoch, ...this.epochs().reverse()]) {
      if (other > epoch) continue;
      const found = this.read(this.fileOf(other), other);
      if (typeof found === 'string') {
        problem ??= found;
        continue;
      }
      if (found.epoch === epoch && (step === undefined || found.step === step)) {
        return { checkpoint: found, problem: undefined };
      }
      problem = stopped ?? problem ?? `${basename(this.fileOf(epoch, true))} is missing`;
      return { checkpoint: found, problem: `${problem}; going on after epoch ${found.epoch}` };
    }
    return { checkpoint: undefined, problem: `${problem}; starting from nothing` };
  }

  /** Leaves the last checkpoint and the best one, and nothing that was half written when an attempt was killed. */
  keepLastAndBest(): void {
    this.remove(this.epochs().slice(0, -1));
    this.removeStopped(() => true);
    for (const name of this.names()) if (HALF_WRITTEN.test(name)) rmSync(join(this.folder, name), { force: true });
  }

  /** The checkpoint in a file, or what is wrong with it. */
  private read(file: string, epoch: number, step?: number): Checkpoint | string {
    const checkpoint = readCheckpoint(file);
    const name = basename(file);
    if (checkpoint === undefined) return existsSync(file) ? `${name} is damaged` : `${name} is missing`;
    const { owner: found, ...rest } = checkpoint;
    if (found !== undefined && this.isForeign(found)) {
      return `${name} is of another trial (${found.trial}, seed ${found.seed})`;
    }
    if (checkpoint.epoch !== epoch) return `${name} holds epoch ${checkpoint.epoch}`;
    if (step !== undefined && checkpoint.step !== step) return `${name} holds step ${checkpoint.step}, not ${step}`;
    return rest;
  }

  private isForeign({ trial, seed }: NonNullable<Checkpoint['owner']>): boolean {
    const { owner } = this.options;
    return owner !== undefined && (owner.trial !== trial || owner.seed !== seed);
  }

  private owner(): Pick<Checkpoint, 'owner'> {
    const { owner } = this.options;
    return owner === undefined ? {} : { owner };
  }

  /** Only its own level: a folder of results that is taken away during a run shall not come back. */
  private makeFolder(): void {
    try {
      mkdirSync(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }

  /** Epochs that have a file, in ascending order; none where there is no folder. */
  private epochs(): number[] {
    return this.epochsOf(EPOCH_FILE);
  }

  /** Epochs after which a trial was stopped inside the next one. */
  private stopped(): number[] {
    return this.epochsOf(STOPPED_FILE);
  }

  private epochsOf(pattern: RegExp): number[] {
    return this.names()
      .flatMap((name) => pattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  private names(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder) : [];
  }

  private fileOf(epoch: number, isStopped = false): string {
    return join(this.folder, `epoch-${epoch}${isStopped ? '-stopped' : ''}.ckpt`);
  }

  private remove(epochs: number[]): void {
    for (const epoch of epochs) rmSync(this.fileOf(epoch), { force: true });
  }

  /** Of half-written ones, too: another one need not come that would take their place. */
  private removeStopped(isOver: (epoch: number) => boolean): void {
    for (const epoch of this.stopped().filter(isOver)) rmSync(this.fileOf(epoch, true), { force: true });
    for (const epoch of this.epochsOf(HALF_STOPPED_FILE)) rmSync(`${this.fileOf(epoch, true)}.tmp`, { force: true });
  }

  /** Leaves the last epochs, and whatever the record may still name. */
  private removeOld(): void {
    const epochs = this.epochs();
    const recorded = this.options.recorded?.() ?? Number.POSITIVE_INFINITY;
    const named = epochs.findLast((epoch) => epoch <= recorded);
    const old = epochs.slice(0, -KEPT_EPOCHS).filter((epoch) => epoch !== named);
    this.remove(old);
    this.removeStopped((epoch) => epoch < recorded || old.includes(epoch));
  }

  /**
   * The folder need not be brought to the disk for it: the first name goes after the next checkpoint at the earliest, and that
   * one does.
   */
  private keepAsBest(file: string): void {
    const { folder, options } = this;
    giveSecondName(file, join(folder, 'best.ckpt'), join(folder, 'best.tmp'), options.link);
  }
}
