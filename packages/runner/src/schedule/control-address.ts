import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';

/** Longest path that a Unix socket may have, in bytes; macOS allows the least. */
const MAX_SOCKET_PATH = 103;

const RECORD = 'control.json';
const RecordSchema = v.object({ pid: v.number(), address: v.string() });

/** Who listens for a folder, and where. */
export type ControlRecord = v.InferOutput<typeof RecordSchema>;

/** A folder by the one name that it has under whatever path it is reached. */
export function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

/**
 * Says in the folder where its coordinator listens: whoever asks may have another temporary folder. Where it cannot be
 * written the address can still be worked out.
 */
export function writeRecord(folder: string, record: ControlRecord): void {
  try {
    writeFileSync(join(folder, RECORD), `${JSON.stringify(record)}\n`, { mode: 0o600 });
  } catch {
    // A full disk, or one without the right to write: it only helps.
  }
}

/** Undefined where there is none that can be read. What a killed coordinator has left, too: nobody listens there. */
export function readRecord(folder: string): ControlRecord | undefined {
  try {
    return v.parse(RecordSchema, JSON.parse(readFileSync(join(folder, RECORD), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Throws where the folder has become read-only. */
export const removeRecord = (folder: string): void => rmSync(join(folder, RECORD), { force: true });

/**
 * Where the coordinator of a folder may listen, the place to be preferred first: in the folder itself, which says who may
 * talk to it. Where that path is too long for a socket, or the file system has none (CIFS, exFAT), it is in a folder of the
 * user's own below the temporary one.
 *
 * @param folder By its `realFolder`.
 */
export function controlAddresses(folder: string): string[] {
  const name = createHash('sha256').update(`${userInfo().uid} ${folder}`).digest('hex').slice(0, 20);
  if (process.platform === 'win32') return [`\\\\.\\pipe\\l2bn-${name}`];
  const inside = join(folder, 'control.sock');
  const outside = join(tmpdir(), `l2bn-${userInfo().uid}`, `${name}.sock`);
  return Buffer.byteLength(inside) <= MAX_SOCKET_PATH ? [inside, outside] : [outside];
}

/** Whether a socket lies outside of the folder that it is for. */
export const isOutside = (address: string, folder: string): boolean => dirname(address) !== folder;

/** Makes the folder of a socket outside. Anybody may make folders there: one of another user is not used. */
export function makePrivateFolder(address: string): void {
  const folder = dirname(address);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isPrivate(folder)) throw new Error(`${folder} belongs to another user, or others may write to it`);
}

function isPrivate(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === userInfo().uid && (found.mode & 0o077) === 0;
}

/** Whether it is the user's own coordinator that listens at an address, if one does. */
export const isTrusted = (address: string, folder: string): boolean =>
  process.platform === 'win32' || !isOutside(address, folder) || isPrivate(dirname(address));
