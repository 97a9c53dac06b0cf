/**
 * What is remembered beside the binding, so that the next set-up knows without starting anything that all is well.
 * It lies in node_modules: whoever reinstalls the packages also removes the stamp.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bindingKey } from './binding.mjs';
import { isUnchanged, markOf, readJson, sha256, writeJson } from './files.mjs';
import { bindingPlace } from './tfjs-node.mjs';

/** @typedef {import('./libtensorflow.mjs').Library} Library */

/** @param {string} tfjsNode */
function stampFile(tfjsNode) {
  return join(dirname(bindingPlace(tfjsNode)), 'l2bn-setup.json');
}

/** @param {string} tfjsNode */
function bindingHash(tfjsNode) {
  try {
    return sha256(readFileSync(bindingPlace(tfjsNode)));
  } catch {
    return undefined;
  }
}

/** The library that a set-up has proved to work here, if nothing has changed since.
 * @param {string} tfjsNode
 * @returns {{ library: Library, tensorflow: string } | undefined}
 */
export function readStamp(tfjsNode) {
  const stamp = readJson(stampFile(tfjsNode));
  const library = stamp?.library;
  if (!Array.isArray(library?.files) || !Array.isArray(stamp.marks)) return undefined;
  const same =
    stamp.node === process.version &&
    stamp.binding === bindingHash(tfjsNode) &&
    stamp.marks.length === library.files.length &&
    stamp.marks.every(isUnchanged) &&
    stamp.key === bindingKey(tfjsNode, library);
  return same ? { library, tensorflow: stamp.tensorflow } : undefined;
}

/**
 * @param {string} tfjsNode
 * @param {Library} library
 * @param {string} tensorflow
 */
export function writeStamp(tfjsNode, library, tensorflow) {
  writeJson(stampFile(tfjsNode), {
    node: process.version,
    tensorflow,
    library,
    marks: library.files.map(markOf),
    binding: bindingHash(tfjsNode),
    key: bindingKey(tfjsNode, library),
  });
}
