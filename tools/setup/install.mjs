/**
 * The npm packages: whether what is in node_modules is what the lock says, and installing them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, requireSpace } from '../../packages/core/setup/files.mjs';
import { say } from '../../packages/core/setup/report.mjs';
import { npmCi } from './npm.mjs';

const SPACE = 700e6;

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, devOptional?: boolean, inBundle?: boolean,
 *   dependencies?: object, devDependencies?: object }} Entry
 */

/** npm writes a list of what it installed as its last act; compared with the lock it tells what is missing or old, and
 * also where the person has run npm by hand.
 * @param {string} root
 */
export function installIsCurrent(root) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const there = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !there) return false;
  return Object.entries(wanted).every(([path, entry]) =>
    path.includes('node_modules/') ? isInstalled(root, path, entry, there[path]) : isSameManifest(root, path, entry),
  );
}

/**
 * @param {string} root
 * @param {string} path
 * @param {Entry} wanted
 * @param {Entry | undefined} there
 */
function isInstalled(root, path, wanted, there) {
  // Packages for other systems are in the lock and rightly not in the tree.
  if (!there) return wanted.optional === true || wanted.devOptional === true;
  if (wanted.link) return existsSync(join(root, path, 'package.json'));
  return there.version === wanted.version && existsSync(join(root, path, 'package.json'));
}

/** A workspace whose dependencies were edited since the lock was written: npm then says so.
 * @param {string} root
 * @param {string} path
 * @param {Entry} locked
 */
function isSameManifest(root, path, locked) {
  const manifest = readJson(join(root, path, 'package.json'));
  const same = (/** @type {'dependencies' | 'devDependencies'} */ field) =>
    JSON.stringify(sorted(manifest?.[field])) === JSON.stringify(sorted(locked[field]));
  return manifest !== undefined && same('dependencies') && same('devDependencies');
}

/** @param {object | undefined} record */
function sorted(record) {
  return Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** @param {string} root */
export async function installPackages(root) {
  requireSpace(root, SPACE, 'the npm packages');
  say('installs the npm packages of package-lock.json, without their scripts (npm ci)');
  await npmCi(root, 'the npm packages');
}
