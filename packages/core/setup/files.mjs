/**
 * Small file work shared by the steps. Whatever another process may read is written beside and renamed into place.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupError } from './report.mjs';

/** The JSON of a file, or undefined where it is missing or broken.
 * @param {string} path
 * @returns {any}
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A name beside `path` that no other process uses.
 * @param {string} path
 */
export function besideName(path) {
  return `${path}.partial-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/**
 * @param {string} path
 * @param {unknown} value
 */
export function writeJson(path, value) {
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes a file so that a reader sees the old one or the whole new one, and a process that has the old one mapped keeps it.
 * @param {string} path
 * @param {string | Buffer} content
 * @param {number} [mode]
 */
export function writeWhole(path, content, mode = 0o644) {
  mkdirSync(dirname(path), { recursive: true });
  const beside = besideName(path);
  try {
    writeFileSync(beside, content, { mode, flush: true });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** @param {string | Buffer} content */
export function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/** @param {string} path */
export async function sha256OfFile(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/**
 * @typedef {{ path: string, size: number, mtimeMs: number }} FileMark what tells cheaply that a file is the one seen before
 * @param {string} path
 * @returns {FileMark | undefined}
 */
export function markOf(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? { path, size: stat.size, mtimeMs: stat.mtimeMs } : undefined;
}

/** @param {FileMark | undefined} mark */
export function isUnchanged(mark) {
  if (!mark || typeof mark.path !== 'string') return false;
  const now = markOf(mark.path);
  return now !== undefined && now.size === mark.size && now.mtimeMs === mark.mtimeMs;
}

/** Asks for room before a step that fills the disk, so that it does not stop half-way.
 * @param {string} folder an existing folder on that disk
 * @param {number} bytes
 * @param {string} purpose
 */
export function requireSpace(folder, bytes, purpose) {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new SetupError(
    `too little disk: ${purpose} needs ${megabytes(bytes)} in ${folder}, and ${megabytes(free)} are free`,
    [
      `Free ${megabytes(bytes - free)} there, or set L2BN_CACHE to a folder on another disk, and run the same command again.`,
    ],
  );
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
