/**
 * The native part as a whole: libtensorflow, the binding against it, the proof by an op. Damage found on the way is
 * mended once, by doing the step again from the start.
 */
import { join } from 'node:path';
import {
  bindingKey,
  compileBinding,
  compiledBinding,
  findCompiler,
  placeBinding,
  requireCompiler,
} from './binding.mjs';
import { cachesOf, sweepLeftovers, writableCache } from './cache.mjs';
import { cachedLibrary, freshLibrary, libraryFolder, ownLibrary } from './libtensorflow.mjs';
import { withLock } from './lock.mjs';
import { downloadOlder, olderLibrary } from './older.mjs';
import { SetupError, say } from './report.mjs';
import { readStamp, writeStamp } from './stamp.mjs';
import { tfjsNodeFolders } from './tfjs-node.mjs';
import { runAnOp } from './verify.mjs';
import { wheelForThisMachine } from './wheel.mjs';

/** @typedef {import('./libtensorflow.mjs').Library} Library */

/** Whether every tfjs-node of the project is known to work; quick, and starts no process.
 * @param {string} project
 */
export function nativeIsReady(project) {
  return tfjsNodeFolders(project).every((tfjsNode) => readyStamp(tfjsNode, project) !== undefined);
}

/** Makes every tfjs-node of the project work.
 * @param {string} project
 * @param {{ everyByte?: boolean }} [how] everyByte: hash the cached library in full, whatever the stamps say
 */
export async function setUpNative(project, { everyByte = false } = {}) {
  if (!everyByte && nativeIsReady(project)) return;
  const cache = writableCache(project);
  await withLock(join(cache, 'setup.lock'), async () => {
    sweepLeftovers(cache);
    // While this one waited, the other set-up may have done the work.
    for (const tfjsNode of tfjsNodeFolders(project))
      if (everyByte || !readyStamp(tfjsNode, project)) await setUpOne(tfjsNode, { project, cache, everyByte });
  });
}

/** A stamp counts only for a library that would be chosen now: the variables may have changed since.
 * @param {string} tfjsNode
 * @param {string} project
 */
function readyStamp(tfjsNode, project) {
  const own = ownLibrary();
  const stamp = readStamp(tfjsNode);
  if (!stamp) return undefined;
  const { origin, folder } = stamp.library;
  if (own) return origin === 'own' && folder === own.folder ? stamp : undefined;
  if (origin === 'older') return stamp;
  return cachesOf(project).map(libraryFolder).includes(folder) ? stamp : undefined;
}

/**
 * @typedef {{ project: string, cache: string, everyByte: boolean }} Place
 * @param {string} tfjsNode
 * @param {Place} place
 */
async function setUpOne(tfjsNode, place) {
  let library = await getLibrary(tfjsNode, place);
  await putBinding(tfjsNode, library, place);
  let result = await runAnOp(tfjsNode);
  if ('fault' in result) {
    say(`tfjs-node does not work yet (${result.fault}); all parts are checked and the binding is compiled anew`);
    const anew = { ...place, everyByte: true };
    library = await getLibrary(tfjsNode, anew);
    await putBinding(tfjsNode, library, anew);
    result = await runAnOp(tfjsNode);
  }
  if ('fault' in result) throw stillBroken(result.fault, library);
  writeStamp(tfjsNode, library, result.tensorflow);
  say(`tfjs-node runs on TensorFlow ${result.tensorflow}`);
}

/**
 * @param {string} tfjsNode
 * @param {Place} place
 * @returns {Promise<Library>}
 */
async function getLibrary(tfjsNode, { project, cache, everyByte }) {
  const own = ownLibrary();
  if (own) return own;
  for (const folder of cachesOf(project).map(libraryFolder)) {
    const found = await cachedLibrary(folder, { everyByte });
    if (found) return found;
  }
  if (wheelForThisMachine()) requireCompiler();
  const fresh = await freshLibrary(cache);
  if (fresh) return fresh;
  if (!olderLibrary(tfjsNode)) await downloadOlder(tfjsNode, whyNoWheel());
  const older = olderLibrary(tfjsNode);
  if (older) return older;
  return { origin: 'older', folder: join(tfjsNode, 'deps'), files: [], include: '' };
}

function whyNoWheel() {
  if (wheelForThisMachine()) return 'there is no Python with pip here';
  return `there is no TensorFlow wheel with its C library for ${process.platform} ${process.arch} (Alpine and other musl systems have none either)`;
}

/**
 * @param {string} tfjsNode
 * @param {Library} library
 * @param {Place} place
 */
async function putBinding(tfjsNode, library, { project, cache, everyByte }) {
  if (library.origin === 'older' && (library.files.length === 0 || !findCompiler())) {
    say("tfjs-node's ready-made binding is used as it is, without the lock that l2bn adds to it");
    return;
  }
  const key = bindingKey(tfjsNode, library);
  // The writable cache first: what was mended lies there, and a damaged file in the other one cannot be removed.
  const kept = everyByte ? undefined : compiledBinding([cache, ...cachesOf(project)], key);
  placeBinding(kept ?? (await compileBinding(tfjsNode, library, cache, key)), tfjsNode);
}

/**
 * @param {string} fault
 * @param {Library} library
 */
function stillBroken(fault, library) {
  const advice =
    library.origin === 'own'
      ? ['L2BN_TENSORFLOW names a copy that does not work here: unset it, and the pinned wheel is downloaded.']
      : [`Remove ${library.folder} and run the same command again.`, 'If it stays so, report it with this message.'];
  return new SetupError(`tfjs-node does not work: ${fault}`, advice);
}
