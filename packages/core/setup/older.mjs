/**
 * Where no wheel can be had, for there is no pip or no wheel for this machine: tfjs-node's own install script, which
 * downloads libtensorflow 2.9.1 (2022) and a compiled binding.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { SetupError, say } from './report.mjs';
import { lastLines, run } from './run.mjs';
import { bindingPlace } from './tfjs-node.mjs';

/** @typedef {import('./libtensorflow.mjs').Library} Library */

const NAMES = {
  linux: ['libtensorflow.so.2', 'libtensorflow_framework.so.2'],
  darwin: ['libtensorflow.2.dylib', 'libtensorflow_framework.2.dylib'],
};

/** The library that tfjs-node's own script has fetched, if it has.
 * @param {string} tfjsNode
 * @returns {Library | undefined}
 */
export function olderLibrary(tfjsNode) {
  const folder = join(tfjsNode, 'deps');
  const names = NAMES[/** @type {'linux'} */ (process.platform)] ?? [];
  const files = names.map((name) => join(folder, 'lib', name));
  if (files.length === 0 || !files.every((file) => existsSync(file))) return undefined;
  return { origin: 'older', folder, files, include: join(folder, 'include') };
}

/**
 * @param {string} tfjsNode
 * @param {string} because
 */
export async function downloadOlder(tfjsNode, because) {
  say(`${because}, so tfjs-node's own download is tried: it is older (TensorFlow 2.9.1 of 2022) and slower`);
  const manifest = join(tfjsNode, 'package.json');
  const original = readFileSync(manifest);
  const env = { ...process.env, PATH: [...binFolders(tfjsNode), process.env.PATH ?? ''].join(delimiter) };
  const outcome = await run(process.execPath, ['scripts/install.js'], { cwd: tfjsNode, env });
  // The script changes its own package.json and leaves it changed where it fails.
  if (!original.equals(readFileSync(manifest))) writeFileSync(manifest, original);
  if (outcome.code === 0 && existsSync(bindingPlace(tfjsNode))) return;
  const reason =
    /getaddrinfo.*|connect E.*/.exec(outcome.stderr)?.[0] ?? lastLines(outcome.stderr || outcome.stdout, 1);
  throw new SetupError(`${because}, and tfjs-node's own download failed too (${reason})`, [
    'Best: install Python 3 with pip (Debian, Ubuntu: apt-get install python3-pip · Fedora, RHEL: yum install python3-pip · macOS: brew install python) and run the same command again.',
    'Or set L2BN_TENSORFLOW to the tensorflow/ folder of an unpacked wheel that you have.',
  ]);
}

/** The script calls node-pre-gyp by name, as npm would let it. @param {string} folder */
function binFolders(folder) {
  const found = [];
  for (let at = folder; at !== dirname(at); at = dirname(at)) found.push(join(at, 'node_modules', '.bin'));
  return found.filter((bin) => existsSync(bin));
}
