/**
 * The copy of libtensorflow that the binding is linked against: the person's own, or the cache's, or a new one
 * unpacked into the cache. A folder in the cache gets its manifest last and its name after that, so one that was
 * left half-written is never taken for a whole one.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { besideName, markOf, readJson, sha256OfFile, writeJson } from './files.mjs';
import { SetupError, say } from './report.mjs';
import { findPip, HEADERS, TENSORFLOW, unpackWheel, wheelForThisMachine } from './wheel.mjs';

/**
 * @typedef {object} Library
 * @property {'own' | 'wheel' | 'older'} origin
 * @property {string} folder
 * @property {string[]} files the shared libraries, in the order they are linked
 * @property {string} include
 */

const MANIFEST = 'manifest.json';

/** The copy named by L2BN_TENSORFLOW, or undefined where the variable is not set.
 * @returns {Library | undefined}
 */
export function ownLibrary() {
  const named = process.env.L2BN_TENSORFLOW;
  if (!named) return undefined;
  const folder = resolve(named);
  const libraries = wheelForThisMachine()?.libraries ?? ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
  const missing = [...libraries, ...HEADERS].filter((name) => !markOf(join(folder, name)));
  if (missing.length > 0) {
    const some = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ` and ${missing.length - 3} more` : '');
    throw new SetupError(`L2BN_TENSORFLOW is ${folder}, but that folder lacks ${some}`, [
      'Name the tensorflow/ folder of an unpacked or installed wheel (2.12 or newer), with its include/ folder.',
      'Or unset L2BN_TENSORFLOW, and the pinned wheel is downloaded.',
    ]);
  }
  return {
    origin: 'own',
    folder,
    files: libraries.map((name) => join(folder, name)),
    include: join(folder, 'include'),
  };
}

/** Where a cache keeps the library. @param {string} cache */
export function libraryFolder(cache) {
  return join(cache, `libtensorflow-${TENSORFLOW}-${process.platform}-${process.arch}`);
}

/** The library in a folder of a cache, if all that is there is as it was unpacked.
 * @param {string} folder
 * @param {{ everyByte: boolean }} how
 * @returns {Promise<Library | undefined>}
 */
export async function cachedLibrary(folder, { everyByte }) {
  const wheel = wheelForThisMachine();
  if (!wheel || !existsSync(folder)) return undefined;
  const damage = await findDamage(folder, everyByte);
  if (damage) {
    say(`the copy of TensorFlow in ${folder} is not whole (${damage})`);
    return undefined;
  }
  const files = wheel.libraries.map((name) => join(folder, name));
  return { origin: 'wheel', folder, files, include: join(folder, 'include') };
}

/** Unpacks a new copy into a cache, in place of what is there; undefined where there is no wheel or no pip.
 * @param {string} cache
 * @returns {Promise<Library | undefined>}
 */
export async function freshLibrary(cache) {
  const wheel = wheelForThisMachine();
  if (!wheel) return undefined;
  const python = await findPip();
  if (!python) return undefined;
  const folder = libraryFolder(cache);
  const beside = besideName(folder);
  try {
    mkdirSync(beside);
    await unpackWheel(wheel, python, beside);
    await writeManifest(beside, [...wheel.libraries, ...HEADERS]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return cachedLibrary(folder, { everyByte: false });
}

/** @typedef {Record<string, { size: number, mtimeMs: number, sha256: string }>} Manifest */

/**
 * @param {string} folder
 * @param {string[]} names
 */
async function writeManifest(folder, names) {
  /** @type {Manifest} */
  const files = {};
  for (const name of names) {
    const mark = markOf(join(folder, name));
    if (!mark)
      throw new SetupError(`the wheel holds no ${name}`, ['The pinned wheel is not what it was: report this.']);
    files[name] = { size: mark.size, mtimeMs: mark.mtimeMs, sha256: await sha256OfFile(mark.path) };
  }
  writeJson(join(folder, MANIFEST), { tensorflow: TENSORFLOW, files });
}

/** What is wrong with a folder, or undefined. A file whose time changed is read in full, for a restored cache has new
 * times and the same content.
 * @param {string} folder
 * @param {boolean} everyByte
 */
async function findDamage(folder, everyByte) {
  /** @type {Manifest | undefined} */
  const files = readJson(join(folder, MANIFEST))?.files;
  if (!files) return 'it was not finished';
  for (const [name, wanted] of Object.entries(files)) {
    const mark = markOf(join(folder, name));
    if (!mark) return `${name} is missing`;
    if (mark.size !== wanted.size) return `${name} has ${mark.size} bytes instead of ${wanted.size}`;
    const suspect = everyByte || mark.mtimeMs !== wanted.mtimeMs;
    if (suspect && (await sha256OfFile(mark.path)) !== wanted.sha256) return `${name} was changed`;
  }
  return undefined;
}
