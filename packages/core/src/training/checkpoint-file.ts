import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TrainingState } from '../graph/index.ts';
import type { MetricsSumState } from './metrics-sum.ts';
import type { PatienceState } from './patience.ts';
import type { KeptCallback } from './training-callbacks.ts';

/** How far the epoch is in which a trial was stopped. */
export interface BegunEpoch {
  /** Batches of it that are done; all of them where it was stopped in the validation. */
  batches: number;
  /** Their metrics. */
  sum: MetricsSumState;
}

/**
 * All that a trial needs to go on as if it had never stopped, to the bit, with the same model, optimizer, engine and data.
 * Batch order and dropout follow from seed, epoch and step, so there is no random state beside these.
 */
export interface Checkpoint {
  /** The trial that it is of, and its seed. Left out where nobody needs to tell it from others. */
  owner?: { trial: string; seed: number };
  /** Epochs done. */
  epoch: number;
  /** Steps done. */
  step: number;
  /** Cross-entropy of the last step. */
  lastCrossEntropy: number | null;
  /** Validation cross-entropy after this epoch, and the lowest so far. */
  validation: number;
  bestValidation: number;
  /** The epoch after it, if that was begun; left out where the state is that at the end of `epoch`. */
  begun?: BegunEpoch;
  /** Left out where training goes to the last epoch anyway. */
  patience?: PatienceState;
  /** Set where a callback has ended training (`model.stopTraining`): no epoch comes after this one, or the one that was begun. */
  isLast?: true;
  /** States of the callbacks that have one; left out where none has. */
  callbacks?: readonly KeptCallback[];
  state: TrainingState;
}

/**
 * Layout: magic, length of the header (uint32), header (JSON), float32 values of all arrays in its order, SHA-256 of
 * everything before. All little-endian. The last character of the magic is the version; what version 1 lacks is optional,
 * and so are the arrays of callbacks, which come last.
 */
const MAGIC = Buffer.from('L2BNCKP2');
const READABLE = [MAGIC, Buffer.from('L2BNCKP1')];
const HASH_BYTES = 32;
/** What reading fails with where there is no file, or no folder for it. */
const MISSING = new Set(['ENOENT', 'ENOTDIR']);
/** What `fsync` of a folder fails with on network file systems that know no such thing. */
const NO_FOLDER_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

interface Header extends Omit<Checkpoint, 'state' | 'callbacks'> {
  updates: number;
  /** Lengths of the weights, of each slot's arrays, and of each callback's. */
  weights: number[];
  slots: Record<string, number[]>;
  callbacks?: (Omit<KeptCallback, 'arrays'> & { arrays?: number[] })[];
}

/**
 * Writes a checkpoint whole: to a temporary file that is on the disk before it takes the place of the old one. Whoever is
 * killed on the way leaves the old file. A `saveCheckpoint` of `trainTrial`: `(checkpoint) => writeCheckpoint(file, checkpoint)`.
 *
 * @param file In a folder that is there. Throws what the file system throws, and leaves the old file then, too.
 */
export function writeCheckpoint(file: string, { state, callbacks, ...progress }: Checkpoint): void {
  const header: Header = {
    ...progress,
    updates: state.step,
    weights: lengthsOf(state.weights),
    slots: Object.fromEntries(Object.entries(state.slots).map(([name, arrays]) => [name, lengthsOf(arrays)])),
    ...(callbacks === undefined
      ? {}
      : {
          callbacks: callbacks.map(({ arrays, ...kept }) =>
            arrays === undefined ? kept : { ...kept, arrays: lengthsOf(arrays) },
          ),
        }),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const ofCallbacks = (callbacks ?? []).flatMap(({ arrays = [] }) => arrays);
  const arrays = [...state.weights, ...Object.values(state.slots).flat(), ...ofCallbacks];
  const parts = [MAGIC, length, text, ...arrays.map(bytesOf)];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);

  const temporary = `${file}.tmp`;
  try {
    withFile(temporary, 'w', (descriptor) => {
      for (const part of [...parts, hash.digest()]) writeAll(descriptor, part);
      fsyncSync(descriptor);
    });
  } catch (error) {
    // On a full disk the torn file would take what little room the ledger still has.
    rmSync(temporary, { force: true });
    throw error;
  }
  renameSync(temporary, file);
  syncFolder(dirname(file));
}

/**
 * Reads a checkpoint, the `resume` of `trainTrial`; undefined when there is none, or when it is torn or of a later version.
 * What the file system will not hand out (`EACCES`, `EIO`, `EMFILE`…) is thrown: it may well be whole.
 */
export function readCheckpoint(file: string): Checkpoint | undefined {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    if (MISSING.has(codeOf(error))) return undefined;
    throw error;
  }
  const body = content.subarray(0, Math.max(0, content.length - HASH_BYTES));
  if (!createHash('sha256').update(body).digest().equals(content.subarray(body.length))) return undefined;
  const magic = body.subarray(0, MAGIC.length);
  if (!READABLE.some((known) => known.equals(magic))) return undefined;
  const start = MAGIC.length + 4;
  const end = start + body.readUInt32LE(MAGIC.length);
  const header = JSON.parse(body.toString('utf8', start, end)) as Header;
  let offset = end;
  const take = (length: number): Float32Array => {
    // Copied: float32 values need an aligned start, which the header does not leave.
    const bytes = new Uint8Array(body.subarray(offset, offset + 4 * length));
    offset += 4 * length;
    return new Float32Array(bytes.buffer);
  };
  const { updates, weights: lengths, slots: slotLengths, callbacks, ...progress } = header;
  const weights = lengths.map(take);
  const slots = Object.fromEntries(Object.entries(slotLengths).map(([name, each]) => [name, each.map(take)]));
  const states = callbacks?.map(({ arrays, ...kept }) =>
    arrays === undefined ? kept : { ...kept, arrays: arrays.map(take) },
  );
  return {
    ...progress,
    ...(states === undefined ? {} : { callbacks: states }),
    state: { weights, slots, step: updates },
  };
}

const lengthsOf = (arrays: readonly Float32Array[]): number[] => arrays.map(({ length }) => length);

const bytesOf = (values: Float32Array): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** A rename is durable only once its folder is. */
function syncFolder(folder: string): void {
  try {
    withFile(folder, 'r', fsyncSync);
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(codeOf(error))) throw error;
  }
}

/** `write` may take less than it is given, on a full disk for one. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

/** What the file system says of an open file, that the disk is full for one, names none. */
function named(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || 'path' in error) return error;
  return Object.assign(error, { path, message: `${error.message} '${path}'` });
}

function withFile(path: string, flags: string, use: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags);
  try {
    use(descriptor);
  } catch (error) {
    throw named(error, path);
  } finally {
    closeSync(descriptor);
  }
}
