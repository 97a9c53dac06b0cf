/**
 * Where the big things are kept: one folder outside any clone, so that many clones share one copy.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { besideName } from './files.mjs';
import { SetupError, say } from './report.mjs';

/** The cache that is wanted: L2BN_CACHE, else the place that the operating system keeps caches in. */
export function wantedCache() {
  const { L2BN_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (L2BN_CACHE) return resolve(L2BN_CACHE);
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'l2bn');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'l2bn');
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'l2bn', 'Cache');
  return join(homedir(), '.cache', 'l2bn');
}

/** All caches to look in, best first; the second serves where the first cannot be written.
 * @param {string} project the folder whose node_modules may hold a cache
 */
export function cachesOf(project) {
  return [wantedCache(), join(project, 'node_modules', '.cache', 'l2bn')];
}

/** The first cache that can be written. A word is said where that is not the wanted one.
 * @param {string} project
 */
export function writableCache(project) {
  const [wanted, inside] = /** @type {[string, string]} */ (cachesOf(project));
  const refusal = whyNotWritable(wanted);
  if (refusal === undefined) return wanted;
  const second = whyNotWritable(inside);
  if (second === undefined) {
    say(`the cache ${wanted} cannot be written (${refusal}), so ${inside} is used instead`);
    return inside;
  }
  throw new SetupError(`neither cache can be written: ${wanted} (${refusal}), ${inside} (${second})`, [
    'Set L2BN_CACHE to a folder that you can write, with about 1.2 GB free, and run the same command again.',
  ]);
}

/** Only writing tells: modes say nothing to root, and nothing about a read-only mount.
 * @param {string} folder
 * @returns {string | undefined}
 */
function whyNotWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = besideName(join(folder, 'probe'));
    writeFileSync(probe, '');
    rmSync(probe);
    return undefined;
  } catch (error) {
    return /** @type {{ code?: string }} */ (error).code ?? String(error);
  }
}

/** Removes what a killed set-up left half-written. Only to be called while holding the cache's lock.
 * @param {string} cache
 */
export function sweepLeftovers(cache) {
  for (const name of readdirSync(cache))
    if (name.includes('.partial-')) rmSync(join(cache, name), { recursive: true, force: true });
}
