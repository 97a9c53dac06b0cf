/**
 * The compiled packages: nx decides what to build, but is only started where a source or a built file has changed
 * since the last time, because starting it alone takes longer than the whole rest of a set-up with nothing to do.
 */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readJson, writeJson } from '../../packages/core/setup/files.mjs';
import { SetupError, say } from '../../packages/core/setup/report.mjs';
import { run } from '../../packages/core/setup/run.mjs';
import { nxScript, plainNx } from './nx.mjs';
import { ROOT, STATE } from './paths.mjs';

const STAMP = join(STATE, 'build.json');
const ROOT_FILES = ['package-lock.json', 'tsconfig.base.json', 'nx.json'];

/** Folders that a build writes. The JSON schema is one of them, though it is committed. */
const BUILT = new Set(['dist', 'schema']);
const IGNORED = new Set(['node_modules', 'fixtures', '__screenshots__', '.vitest-attachments', 'coverage']);
const NO_SOURCE = /\.test\.[mc]?tsx?$|\.tsbuildinfo$|\.log$/;

export function buildIsFresh() {
  const stamp = readJson(STAMP);
  return stamp !== undefined && stamp.sources === printOf('sources') && stamp.built === printOf('built');
}

export async function build() {
  say('builds core, dashboard and runner (nx run-many -t build)');
  // Taken before the build: a source edited while it runs is then built the next time.
  const sources = printOf('sources');
  const args = ['run-many', '-t', 'build', '--parallel=2', '--outputStyle=static'];
  const outcome = await run(process.execPath, [nxScript(), ...args], { cwd: ROOT, env: plainNx() });
  if (outcome.code !== 0) {
    process.stderr.write(`${outcome.stdout}${outcome.stderr}\n`);
    throw new SetupError('the packages could not be built; what the compiler said is above', [
      'Mend it and run the same command again (npm run build runs the build alone).',
    ]);
  }
  writeJson(STAMP, { sources, built: printOf('built') });
}

/** Path, size and time of every file that goes into a build, or that came out of one.
 * @param {'sources' | 'built'} which
 */
function printOf(which) {
  const hash = createHash('sha256').update(process.version);
  if (which === 'sources') for (const name of ROOT_FILES) hash.update(lineOf(join(ROOT, name)));
  for (const name of namesIn(join(ROOT, 'packages'))) {
    const folder = join(ROOT, 'packages', name);
    for (const entry of namesIn(folder)) {
      if (BUILT.has(entry) === (which === 'built')) walk(join(folder, entry), (line) => hash.update(line));
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @param {(line: string) => void} take
 */
function walk(path, take) {
  if (IGNORED.has(basename(path)) || NO_SOURCE.test(path)) return;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) for (const name of namesIn(path)) walk(join(path, name), take);
  else take(lineOf(path));
}

/** @param {string} path */
function lineOf(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return `${path}\t${stat?.size}\t${stat?.mtimeMs}\n`;
}

/** @param {string} folder */
function namesIn(folder) {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
