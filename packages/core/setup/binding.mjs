/**
 * tfjs-node's native part, compiled from its own sources with the patch of patch.mjs. Compiled files are kept in the
 * cache by a key of all that goes into them; each project gets a copy. A copy, not a link: a cache that is
 * emptied or rebuilt by another project then changes nothing under a running process here.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { besideName, markOf, sha256, writeWhole } from './files.mjs';
import { PATCHED_FILE, patchBackend } from './patch.mjs';
import { SetupError, say } from './report.mjs';
import { findOnPath, lastLines, run } from './run.mjs';
import { bindingPlace, napiHeaders } from './tfjs-node.mjs';

/** @typedef {import('./libtensorflow.mjs').Library} Library */

const FLAGS = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'];
if (process.platform === 'darwin') FLAGS.push('-undefined', 'dynamic_lookup');

/** The patched sources, by name. @param {string} tfjsNode */
function sourcesOf(tfjsNode) {
  const folder = join(tfjsNode, 'binding');
  if (!existsSync(folder))
    throw new SetupError(`${tfjsNode} has no binding/ folder, so its native part cannot be compiled`, [
      'Install @tensorflow/tfjs-node 4.22.0 again (npm ci, or remove node_modules and npm install).',
    ]);
  const names = readdirSync(folder).filter((name) => /\.(cc|h)$/.test(name));
  const read = (/** @type {string} */ name) => readFileSync(join(folder, name), 'utf8');
  return new Map(names.sort().map((name) => [name, name === PATCHED_FILE ? patchBackend(read(name)) : read(name)]));
}

/** All that goes into a compiled binding, as one short text.
 * @param {string} tfjsNode
 * @param {Library} library
 */
export function bindingKey(tfjsNode, library) {
  const libraries = library.files.map((file) => [file, markOf(file)?.size]);
  const parts = [[...sourcesOf(tfjsNode)], libraries, FLAGS, process.platform, process.arch];
  return sha256(JSON.stringify(parts)).slice(0, 20);
}

/** The compiled file for a key, in the first cache that has it.
 * @param {string[]} caches
 * @param {string} key
 */
export function compiledBinding(caches, key) {
  return caches.map((cache) => join(cache, 'bindings', `${key}.node`)).find((file) => existsSync(file));
}

/** The C++ compiler, or a word on how to get one; asked before a big download, so that it is not in vain. */
export function requireCompiler() {
  const named = process.env.CXX?.trim();
  const compiler = findCompiler();
  if (compiler) return compiler;
  const fault = named
    ? `the C++ compiler that CXX names (${named}) is not there`
    : 'there is no C++ compiler (g++, c++ or clang++)';
  throw new SetupError(`${fault}, and tfjs-node's native part has to be compiled`, [
    'Debian, Ubuntu: apt-get install g++ · Fedora, RHEL: yum install gcc-c++ · Alpine: not supported (no glibc)',
    'macOS: xcode-select --install, or brew install gcc · or set CXX to a compiler of your own',
  ]);
}

export function findCompiler() {
  const named = process.env.CXX?.trim();
  if (!named) return findOnPath(['g++', 'c++', 'clang++']);
  return existsSync(named) ? named : findOnPath([named]);
}

/** Compiles into a cache and gives the file.
 * @param {string} tfjsNode
 * @param {Library} library
 * @param {string} cache
 * @param {string} key
 */
export async function compileBinding(tfjsNode, library, cache, key) {
  const compiler = requireCompiler();
  say(`compiles tfjs-node's native part with ${basename(compiler)}`);
  const build = besideName(join(cache, 'build'));
  const output = join(build, 'tfjs_binding.node');
  try {
    mkdirSync(build);
    const sources = sourcesOf(tfjsNode);
    for (const [name, text] of sources) writeFileSync(join(build, name), text);
    const units = [...sources.keys()].filter((name) => name.endsWith('.cc'));
    const env = { ...process.env, LC_ALL: 'C' };
    const compile = async (/** @type {string[]} */ args) => {
      const outcome = await run(compiler, args, { cwd: build, env });
      if (outcome.code !== 0) throw compilingFailed(compiler, outcome.stderr);
    };
    const libraries = process.platform === 'linux' ? await makeStandIns(library, compile) : library.files;
    const includes = [`-I${napiHeaders()}`, `-I${library.include}`];
    const rpaths = [...new Set(library.files.map(dirname))].map((folder) => `-Wl,-rpath,${folder}`);
    await compile([...FLAGS, ...includes, ...units, '-o', output, ...libraries, ...rpaths]);
    const kept = join(cache, 'bindings', `${key}.node`);
    mkdirSync(dirname(kept), { recursive: true });
    renameSync(output, kept);
    return kept;
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
}

/**
 * Empty libraries of the same names. All that a linker takes from a shared library here is its name, and reading the
 * symbols of the real one (788 MB) takes it several times as long as the compiler needs for the sources.
 * @param {Library} library
 * @param {(args: string[]) => Promise<void>} compile
 */
async function makeStandIns(library, compile) {
  const names = library.files.map((file) => basename(file));
  for (const name of names) await compile(['-shared', `-Wl,-soname,${name}`, '-o', name, '-x', 'c++', '/dev/null']);
  return ['-Wl,--no-as-needed', ...names.map((name) => `./${name}`)];
}

/**
 * @param {string} compiler
 * @param {string} output
 */
function compilingFailed(compiler, output) {
  const errors = output.split('\n').filter((line) => /error|cannot find|No space left/i.test(line));
  return new SetupError(
    `${compiler} could not compile tfjs-node's native part: ${lastLines(errors.join('\n') || output, 2)}`,
    [
      'A compiler with C++17 and its standard library are needed: Debian, Ubuntu: apt-get install g++ · Fedora, RHEL: yum install gcc-c++',
      'Or set CXX to another compiler.',
    ],
  );
}

/** Puts a copy where tfjs-node looks for it.
 * @param {string} compiled
 * @param {string} tfjsNode
 */
export function placeBinding(compiled, tfjsNode) {
  const content = readFileSync(compiled);
  try {
    writeWhole(bindingPlace(tfjsNode), content, 0o755);
  } catch (error) {
    throw new SetupError(
      `the compiled binding cannot be put into ${tfjsNode}: ${/** @type {Error} */ (error).message}`,
      ['That node_modules folder has to be writable for you.'],
    );
  }
}
