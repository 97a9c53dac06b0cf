/**
 * Projects to set up that share nothing with the clone but its big, unchanging parts: tfjs-node and @l2bn/core's
 * set-up are copies, all other packages and libtensorflow are links.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, onTestFinished } from 'vitest';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const MODULES = join(ROOT, 'node_modules');
const TFJS_NODE = join(MODULES, '@tensorflow', 'tfjs-node');

/** An address on this machine that nothing listens on. */
export const NOBODY = 'http://127.0.0.1:9/';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What the set-up of the clone itself has found: `npm test` begins with it. */
export function readyLibrary(): string {
  const stamp = join(TFJS_NODE, 'lib', 'napi-v8', 'l2bn-setup.json');
  if (!existsSync(stamp)) throw new Error('run the set-up of the clone first: npm run setup');
  return JSON.parse(readFileSync(stamp, 'utf8')).library.folder;
}

/** Not so where the clone was set up with a copy that L2BN_TENSORFLOW named. */
export function isFromWheel(): boolean {
  return existsSync(join(readyLibrary(), 'manifest.json'));
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'l2bn-setup-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One that lives as long as the test file. */
export function folderOfFile(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'l2bn-setup-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A project with @l2bn/core and tfjs-node installed, and no binding yet. */
export function makeProject(): string {
  const project = temporaryFolder();
  const modules = join(project, 'node_modules');
  for (const scope of ['@l2bn', '@tensorflow']) mkdirSync(join(modules, scope), { recursive: true });
  for (const name of readdirSync(MODULES))
    if (!['@l2bn', '@tensorflow', '.cache', '.package-lock.json'].includes(name))
      symlinkSync(join(MODULES, name), join(modules, name));
  for (const name of readdirSync(join(MODULES, '@tensorflow')))
    if (name !== 'tfjs-node') symlinkSync(join(MODULES, '@tensorflow', name), join(modules, '@tensorflow', name));
  const isSource = (path: string) =>
    !path.startsWith(join(TFJS_NODE, 'lib')) && !path.startsWith(join(TFJS_NODE, 'deps'));
  cpSync(TFJS_NODE, tfjsNodeOf(project), { recursive: true, filter: isSource });
  const core = join(modules, '@l2bn', 'core');
  cpSync(join(ROOT, 'packages', 'core', 'setup'), join(core, 'setup'), { recursive: true });
  cpSync(join(ROOT, 'packages', 'core', 'package.json'), join(core, 'package.json'));
  writeFileSync(join(project, 'package.json'), '{ "name": "elsewhere", "private": true }\n');
  return project;
}

export function tfjsNodeOf(project: string): string {
  return join(project, 'node_modules', '@tensorflow', 'tfjs-node');
}

export function bindingOf(project: string): string {
  return join(tfjsNodeOf(project), 'lib', 'napi-v8', 'tfjs_binding.node');
}

/** Where a cache keeps libtensorflow. */
export function libraryIn(cache: string): string {
  return join(cache, `libtensorflow-2.21.0-${process.platform}-${process.arch}`);
}

/** Makes a cache hold libtensorflow whole again. Bindings compiled there before stay: each would take ten seconds. */
export function fillCache(cache: string): void {
  rmSync(libraryIn(cache), { recursive: true, force: true });
  linkTree(readyLibrary(), libraryIn(cache));
}

/** Hard links keep size and time, and cost no disk; where the temporary folder is on another disk it has to be copies. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else
      try {
        linkSync(source, target);
      } catch {
        cpSync(source, target, { preserveTimestamps: true });
      }
  }
}

/** A cache with the binding already compiled against the clone's libtensorflow: for what is not about compiling. */
export function cacheWithBinding(): string {
  const cache = temporaryFolder();
  const compiled = join(dirname(readyLibrary()), 'bindings');
  if (existsSync(compiled)) cpSync(compiled, join(cache, 'bindings'), { recursive: true });
  return cache;
}

/** A folder of links to these programs only: a PATH on which all others are missing. */
export function pathWith(...programs: string[]): string {
  const folder = temporaryFolder();
  for (const program of programs) {
    const found = (process.env.PATH ?? '').split(delimiter).find((at) => existsSync(join(at, program)));
    // Not a link: a launcher finds out by its own name what it has to launch.
    if (found)
      writeFileSync(join(folder, program), `#!/bin/sh\nexec '${join(found, program)}' "$@"\n`, { mode: 0o755 });
  }
  return folder;
}

/** A Python that, asked for the wheel, serves the clone's libtensorflow: the real one would load 274 MB each time. */
export function pathWithStandInPip(): { path: string; log: string } {
  const path = temporaryFolder();
  const log = join(path, 'downloads.log');
  writeFileSync(
    join(path, 'python3'),
    `#!/bin/sh
case "$1 $2 $3" in
  "-m pip --version") exit 0;;
  "-m pip download")
    echo download >> '${log}'
    sleep 1
    while [ "$1" != -d ]; do shift; done
    : > "$2/stand-in.whl";;
  -c*) cd '${readyLibrary()}' && cp -al libtensorflow* include "$4" || cp -a libtensorflow* include "$4";;
esac
`,
    { mode: 0o755 },
  );
  return { path: `${path}${delimiter}${process.env.PATH}`, log };
}

/** Runs `l2bn-setup` as an installed project would. */
export function setUp(project: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<Outcome> {
  return runNode([setUpOf(project), ...args], project, env);
}

const setUpOf = (project: string): string => join(project, 'node_modules', '@l2bn', 'core', 'setup', 'main.mjs');

export function runNode(args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return runProgram(process.execPath, args, cwd, env);
}

export function runProgram(
  program: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  return startProgram(program, args, cwd, env).outcome;
}

interface Started {
  outcome: Promise<Outcome>;
  /** Resolves once it has printed this; rejects where it ends without. */
  said(text: string): Promise<void>;
}

/** As `setUp`, for a test that has something to do in between. */
export function startSetUp(project: string, env: NodeJS.ProcessEnv): Started {
  return startProgram(process.execPath, [setUpOf(project)], project, env);
}

function startProgram(program: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Started {
  const { L2BN_CACHE: _cache, L2BN_TENSORFLOW: _own, L2BN_DEBUG: _debug, CXX: _cxx, ...rest } = process.env;
  const child = spawn(program, args, { cwd, env: { ...rest, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    outcome,
    said(text) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if (stdout.includes(text)) resolve();
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`it ended without "${text}":\n${stdout}${stderr}`)));
        look();
      });
    },
  };
}

/** Trains a little in a process of its own, with the tfjs-node that the project would load. */
export function runAnOp(project: string): Promise<Outcome> {
  const program = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value == null;
util.isArray ??= Array.isArray;
const tf = require('@tensorflow/tfjs-node');
process.stdout.write(String(tf.tensor1d([1, 2, 3]).square().sum().dataSync()[0]));`;
  return runNode(['-e', program], project, { TF_CPP_MIN_LOG_LEVEL: '2' });
}
