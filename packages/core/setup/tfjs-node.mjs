/**
 * Which tfjs-node is meant: the one that @l2bn/core itself loads, and the one that the calling project loads.
 * Node's own resolution answers, so hoisted, nested and linked trees are all found.
 */
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SetupError } from './report.mjs';

/** The folders of all tfjs-node packages to set up; mostly they are one and the same.
 * @param {string} project
 */
export function tfjsNodeFolders(project) {
  const found = [import.meta.url, join(project, 'package.json')]
    .map((from) => packageFolder(from, '@tensorflow/tfjs-node'))
    .filter((folder) => folder !== undefined);
  if (found.length > 0) return [...new Set(found)];
  throw new SetupError(`@tensorflow/tfjs-node is installed neither for @l2bn/core nor for ${project}`, [
    'Install the packages first (npm install), then run the same command again.',
  ]);
}

/** Where the N-API headers are: the npm package that holds just them, else those that came with Node. */
export function napiHeaders() {
  const npm = packageFolder(import.meta.url, 'node-api-headers');
  const places = [npm && join(npm, 'include'), join(dirname(process.execPath), '..', 'include', 'node')];
  const found = places.find((place) => place && existsSync(join(place, 'node_api.h')));
  if (found) return found;
  throw new SetupError('the headers of Node (node_api.h) are not there', [
    'Install the packages again (npm install): node-api-headers is one of them.',
  ]);
}

/**
 * @param {string} from
 * @param {string} name
 */
function packageFolder(from, name) {
  try {
    return realpathSync(dirname(createRequire(from).resolve(`${name}/package.json`)));
  } catch {
    return undefined;
  }
}

/** Where tfjs-node looks for its binding; it stops at N-API 8 on every Node that l2bn runs on.
 * @param {string} tfjsNode
 */
export function bindingPlace(tfjsNode) {
  return join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
}
