import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { describe, expect, it } from 'vitest';
import { type Command, l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { ARMS } from './small-sweeps.ts';

/** Every file below a folder with a hash of its content, every folder without. */
function treeOf(folder: string, prefix = ''): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true }).map((entry): [string, string][] => {
    const [path, name] = [join(folder, entry.name), `${prefix}${entry.name}`];
    // SQLite's log stays beside its ledger where the process has ended before the garbage collector came to every statement.
    if (/^ledger\.db-(wal|shm)$/.test(entry.name) && existsSync(join(folder, 'ledger.db'))) return [];
    if (entry.isDirectory()) return [[`${name}/`, ''], ...Object.entries(treeOf(path, `${name}/`))];
    return [[name, entry.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'no file']];
  });
  return Object.fromEntries(entries.flat());
}

async function run(args: string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const command = l2bn(['run', ...args], { cwd, env });
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

/** A run that must be refused: with this exit code, and with everything in the folder as it was. */
async function refused(args: string[], cwd: string, { code = 2, env = {} } = {}): Promise<string> {
  const before = treeOf(cwd);
  const result = await run(args, cwd, env);
  expect(result.code, result.stderr).toBe(code);
  expect(treeOf(cwd)).toEqual(before);
  expect(result.stdout).toBe('');
  expect(result.stderr).not.toMatch(/\n {4}at (?!.*\(node:)/);
  return result.stderr;
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)!;

/** The sweep of four trials with another model. */
const armsOf = (model: string, more = ''): string => `${ARMS.replace('smallConvNet', model)}${more}`;

/** A model of a user's own that is as it should be, but for what is put in. */
const net = ({ before = '', units = 'classes', kernelRegularizer = 'tf.regularizers.l2({ l2 })' } = {}): string => `
export function buildModel({ tf, inputShape, classes, l2, batchNorm, alpha }) {
  ${before}
  return tf.sequential({ layers: [
    tf.layers.flatten({ inputShape: [...inputShape] }),
    tf.layers.dense({ units: ${units}, kernelRegularizer: ${kernelRegularizer} }),
  ] });
}
`;

describe('a model that cannot be used', () => {
  it.each([
    [
      'cannot be parsed',
      'export function buildModel() {\n  return {;\n}\n',
      "./net.mjs:2, which cannot be loaded: SyntaxError: Unexpected token ';'",
      'an ES module',
    ],
    [
      'throws when it is loaded',
      "\n\nthrow new Error('not today');\n",
      './net.mjs:3, which cannot be loaded: Error: not today',
      'an ES module',
    ],
    ['imports what is not there', "import './none.mjs';\n", 'Cannot find module', 'an ES module'],
    [
      'exports no builder',
      'export const model = 1;\n',
      './net.mjs, which exports model, want',
      'an ES module that exports buildModel',
    ],
    [
      'throws in its builder',
      net({ before: 'nowhere();' }),
      './net.mjs:3: buildModel threw ReferenceError: nowhere is not defined, want',
      'a model',
    ],
    [
      'throws without BN only',
      net({ before: "if (!batchNorm) throw new RangeError('too wide');" }),
      'threw RangeError: too wide (no BN · λ=0)',
      'a model',
    ],
    ['does not fit the classes of the data', net({ units: '7' }), 'output shape [, 7], want', '[null, 10], the logits'],
    [
      'takes no λ',
      net({ kernelRegularizer: 'undefined' }),
      'config.l2: got 0.001, but the model puts no l2 penalty on any variable (BN · λ=1e-3)',
      'l2: 0, or layers with kernelRegularizer',
    ],
    [
      'has a layer that the engine does not know',
      net().replace('tf.layers.dense({', 'tf.layers.gaussianNoise({ stddev: 0.1 }),\n    tf.layers.dense({'),
      'class GaussianNoise, which the graph engine cannot compile',
      'or engine: layers',
    ],
  ])('is refused with its sweep: one that %s', async (_, module, got, want) => {
    const cwd = folderWith({ 'arms.yaml': armsOf('./net.mjs'), 'net.mjs': module });
    const stderr = await refused(['arms.yaml'], cwd);
    expect(stderr).toMatch(/^arms\.yaml:[34]: config\.(model|l2): got /m);
    expect(stderr).toContain(got);
    expect(stderr).toContain(want);
  });

  it('is named with every other that cannot, each problem once', async () => {
    const cwd = folderWith({
      'arms.yaml': `${ARMS.replace('axes: {', 'axes: { model: [smallConvNet, ./a.mjs, ./b.mjs],')}`,
      'a.mjs': net({ units: 'classes + 1' }),
      'b.mjs': net({ before: "throw new Error('no');" }),
    });
    const problems = (await refused(['arms.yaml', '--no-page'], cwd))
      .split('\n')
      .filter((line) => line.startsWith('arms'));
    expect(problems).toEqual([
      'arms.yaml:4: config.model: got ./a.mjs: output shape [, 11], want [null, 10], the logits',
      'arms.yaml:4: config.model: got ./b.mjs:3: buildModel threw Error: no, want a model',
    ]);
  });
});

/** The beginning of a JPEG. */
const TORN = Buffer.from('ffd8ffe000104a46494600010100000100010000ffdb0043000302', 'hex');

function writeTornImages(folder: string): void {
  for (const name of ['cat', 'dog']) {
    mkdirSync(join(folder, 'images', name), { recursive: true });
    for (const number of [1, 2]) writeFileSync(join(folder, 'images', name, `${number}.jpg`), TORN);
  }
}

const IMAGES = ARMS.replace('source: digits', 'source: folder, path: images');

describe('data that only reading refuses', () => {
  it('leaves nothing behind: torn images', async () => {
    const cwd = folderWith({ 'arms.yaml': IMAGES });
    writeTornImages(cwd);
    expect(await refused(['arms.yaml', '--output', 'far/away/from/here'], cwd)).toMatch(/images\/cat\/1\.jpg: got /);
  });

  it('leaves nothing behind: a label that no class has', async () => {
    const cwd = folderWith({ 'arms.yaml': IMAGES.replace('source: folder', 'source: cifar10') });
    mkdirSync(join(cwd, 'images'));
    const batches = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'];
    for (const name of batches) writeFileSync(join(cwd, 'images', `${name}.bin`), Buffer.alloc(2 * 3073, 200));
    expect(lastLine(await refused(['arms.yaml'], cwd))).toMatch(/data_batch_1\.bin: .*got label 200, want /);
  });

  it('takes nothing from a folder that was there before', async () => {
    const cwd = folderWith({ 'arms.yaml': IMAGES });
    writeTornImages(cwd);
    mkdirSync(join(cwd, 'sweeps/arms/checkpoints'), { recursive: true });
    for (const name of ['notes.txt', 'sweep.log', 'plan.json']) writeFileSync(join(cwd, 'sweeps/arms', name), 'mine');
    const before = treeOf(cwd);
    expect((await run(['arms.yaml', '--no-page'], cwd)).code).toBe(2);
    // The log is added to, as always.
    expect(Object.keys(treeOf(cwd))).toEqual(Object.keys(before));
    for (const name of ['notes.txt', 'plan.json']) {
      expect(readFileSync(join(cwd, 'sweeps/arms', name), 'utf8')).toBe('mine');
    }
  });
});

/** Runs the four arms to their end, into `sweeps/arms`. */
async function withResults(files: Record<string, string> = {}): Promise<string> {
  const cwd = folderWith({ 'arms.yaml': ARMS, ...files });
  const { code, stderr } = await run(['arms.yaml', '--no-page'], cwd);
  expect(code, stderr).toBe(0);
  return cwd;
}

describe('old results', () => {
  it('are back in their place when the run with --fresh is refused', async () => {
    const cwd = await withResults();
    writeTornImages(cwd);
    writeFileSync(join(cwd, 'arms.yaml'), IMAGES);
    const stderr = await refused(['arms.yaml', '--fresh'], cwd);
    expect(stderr).toMatch(/old results are in sweeps\/arms\.\d{4}-.*\n[\s\S]*old results are back in sweeps\/arms\n/);
    expect(readLedger(join(cwd, 'sweeps/arms')).state.counts.done).toBe(4);
  });

  it('keep their plan and source when what is added to them is refused', async () => {
    const cwd = await withResults({ 'net.mjs': net({ before: 'nowhere();' }) });
    const before = treeOf(cwd);
    writeFileSync(join(cwd, 'arms.yaml'), armsOf('smallConvNet', 'cells: [{ model: ./net.mjs }]\n'));
    const { code, stderr } = await run(['arms.yaml', '--no-page'], cwd);
    expect([code, stderr]).toEqual([2, expect.stringContaining('nowhere is not defined')]);
    const after = treeOf(cwd);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const name of ['plan.json', 'source.json']) {
      expect(after[`sweeps/arms/${name}`]).toBe(before[`sweeps/arms/${name}`]);
    }
    // Nor is it a sweep that has something left to run.
    expect(readLedger(join(cwd, 'sweeps/arms')).state.counts).toMatchObject({ done: 4, planned: 0 });
    // Mended, the same command goes on: only what is new is run.
    writeFileSync(join(cwd, 'net.mjs'), net());
    expect((await run(['arms.yaml', '--no-page'], cwd)).code).toBe(0);
    expect(readLedger(join(cwd, 'sweeps/arms')).state.trials.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1]);
  });

  it('are set aside where a link leads to, and put back there', async () => {
    const cwd = await withResults();
    renameSync(join(cwd, 'sweeps/arms'), join(cwd, 'large-disk'));
    symlinkSync(join(cwd, 'large-disk'), join(cwd, 'sweeps/arms'));
    const before = treeOf(join(cwd, 'large-disk'));
    const set = await run(['arms.yaml', '--no-page', '--fresh', 'epochs=1'], cwd);
    expect(set.code, set.stderr).toBe(0);
    expect(lstatSync(join(cwd, 'sweeps/arms')).isSymbolicLink()).toBe(true);
    expect(existsSync(join(cwd, 'large-disk/ledger.db'))).toBe(true);
    const [old] = readdirSync(cwd).filter((name) => name.startsWith('large-disk.'));
    expect(treeOf(join(cwd, old!))).toEqual(before);

    const fresh = treeOf(join(cwd, 'large-disk'));
    writeTornImages(cwd);
    writeFileSync(join(cwd, 'arms.yaml'), IMAGES);
    expect((await run(['arms.yaml', '--no-page', '--fresh'], cwd)).code).toBe(2);
    expect(treeOf(join(cwd, 'large-disk'))).toEqual(fresh);
  });

  it('are not set aside from where the sweep file, its model or its data lie', async () => {
    const cwd = await withResults({ 'net.mjs': net() });
    const here = (what: string) => `, want another folder of results: --output FOLDER\n`.replace(/^/, what);
    mkdirSync(join(cwd, 'sweeps/arms/images'));
    symlinkSync(join(cwd, 'sweeps/arms'), join(cwd, 'link'));
    writeFileSync(join(cwd, 'sweeps/arms/own.yaml'), ARMS);
    expect(await refused(['sweeps/arms/own.yaml', '--fresh'], cwd)).toBe(
      here(
        'sweeps/arms: got --fresh for a folder that holds the sweep file sweeps/arms/own.yaml, which would be moved away',
      ),
    );
    expect(await refused(['sweeps/arms/own.yaml', '--fresh', '--output', 'link'], cwd)).toContain('the sweep file');
    for (const name of ['cat', 'dog']) {
      mkdirSync(join(cwd, 'sweeps/arms/images', name));
      writeFileSync(join(cwd, 'sweeps/arms/images', name, '1.jpg'), TORN);
    }
    writeFileSync(join(cwd, 'arms.yaml'), IMAGES.replace('path: images', 'path: sweeps/arms/images'));
    expect(await refused(['arms.yaml', '--fresh'], cwd)).toContain('the data sweeps/arms/images');
    writeFileSync(join(cwd, 'sweeps/arms/net.mjs'), net());
    writeFileSync(join(cwd, 'arms.yaml'), armsOf('./sweeps/arms/net.mjs'));
    expect(await refused(['arms.yaml', '--fresh'], cwd)).toContain('the model sweeps/arms/net.mjs');
  });

  it('are all that --fresh moves: a folder without any stays', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    const { code, stderr } = await run(['arms.yaml', '--fresh', '--output', '.', '--no-page'], cwd);
    expect(code, stderr).toBe(0);
    expect(readdirSync(cwd)).toEqual(expect.arrayContaining(['arms.yaml', 'ledger.db']));
  });
});

describe('a port that is taken', () => {
  it('is refused before anything is made or set aside', async () => {
    const cwd = await withResults();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as { port: number };
      const message = `port: got ${port}, which is in use, want a free port, or 0 for any\n`;
      expect(await refused(['arms.yaml', 'name=new', '--port', String(port)], cwd)).toBe(message);
      expect(await refused(['arms.yaml', '--fresh', '--port', String(port)], cwd)).toBe(message);
    } finally {
      server.close();
    }
  });
});

describe('a run that is stopped before its first trial', () => {
  /** A model that is never built, so that the sweep is prepared for ever. */
  const ENDLESS = { 'arms.yaml': armsOf('./net.mjs'), 'net.mjs': 'export default () => new Promise(() => {});\n' };

  async function stopPreparing(command: Command, signal: NodeJS.Signals): Promise<number | null> {
    await command.saw(/preparing: /);
    command.child.kill(signal);
    return await command.ended;
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s leaves nothing, and says so', async (signal, code) => {
    const cwd = folderWith(ENDLESS);
    const before = treeOf(cwd);
    const command = l2bn(['run', 'arms.yaml'], { cwd });
    expect(await stopPreparing(command, signal), command.stderr).toBe(code);
    expect(command.stderr).toContain('no trial was started: nothing is kept\n');
    expect(treeOf(cwd)).toEqual(before);
  });

  it('puts back what --fresh has set aside', async () => {
    const cwd = await withResults();
    for (const [name, content] of Object.entries(ENDLESS)) writeFileSync(join(cwd, name), content);
    const before = treeOf(cwd);
    const command = l2bn(['run', 'arms.yaml', '--fresh'], { cwd });
    expect(await stopPreparing(command, 'SIGINT'), command.stderr).toBe(130);
    expect(treeOf(cwd)).toEqual(before);
  });

  it('takes nothing from one that prepares the same folder', async () => {
    const cwd = folderWith(ENDLESS);
    const first = l2bn(['run', 'arms.yaml', '--no-page'], { cwd });
    await first.saw(/preparing: /);
    const second = await run(['arms.yaml', '--no-page'], cwd);
    expect([second.code, second.stderr]).toEqual([3, expect.stringContaining('another l2bn writes')]);
    expect(readLedger(join(cwd, 'sweeps/arms')).state.phase).toBe('preparing');
    first.child.kill('SIGINT');
    expect(await first.ended, first.stderr).toBe(130);
    expect(readdirSync(cwd).toSorted()).toEqual(['arms.yaml', 'net.mjs']);
  });

  it('stays as it is where it was to go on', async () => {
    const cwd = folderWith(ENDLESS);
    const killed = l2bn(['run', 'arms.yaml', '--no-page'], { cwd });
    await killed.saw(/preparing: /);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const before = ['ledger.db', 'plan.json', 'source.json', 'sweep.log'].map((name) => `sweeps/arms/${name}`);
    const command = l2bn(['run', 'arms.yaml', '--no-page'], { cwd });
    expect(await stopPreparing(command, 'SIGINT'), command.stderr).toBe(130);
    expect(command.stdout).toContain('\nStopped. To go on: l2bn run sweeps/arms\n');
    expect(Object.keys(treeOf(cwd))).toEqual(expect.arrayContaining(before));
    expect(readLedger(join(cwd, 'sweeps/arms')).state.phase).toBe('stopped');
  });
});

describe('an environment that cannot train', () => {
  it('leaves nothing behind, and says what TensorFlow said', async () => {
    const cwd = folderWith({
      'arms.yaml': ARMS,
      'broken.cjs': `
const { Module } = require('node:module');
const load = Module._load;
Module._load = function (name, ...rest) {
  if (name === '@tensorflow/tfjs-node') throw new Error('libtensorflow.so.2: cannot open shared object file');
  return load.call(this, name, ...rest);
};
`,
    });
    const before = treeOf(cwd);
    const { code, stderr } = await run(['arms.yaml'], cwd, { NODE_OPTIONS: '--require ./broken.cjs' });
    expect(code, stderr).toBe(3);
    expect(stderr).toContain('cannot open shared object file');
    expect(treeOf(cwd)).toEqual(before);
  });

  it.each([
    [
      'a file in the way',
      'arms.yaml/below',
      /^l2bn: \S+arms\.yaml\/below: got ENOTDIR \(not a directory\) from mkdir, want a folder, but /,
    ],
    [
      'a file instead',
      'arms.yaml',
      /^l2bn: \S+arms\.yaml: got ENOTDIR \(not a directory\) from \w+, want a folder, but a file /,
    ],
    [
      'a name too long',
      'n'.repeat(300),
      /^l2bn: \S+: got ENAMETOOLONG \(name too long\) from mkdir, want a shorter name/,
    ],
    [
      'a path too long for SQLite',
      join(...Array.from({ length: 4 }, () => 'd'.repeat(200))),
      /^l2bn: \S+: got a path over 500 bytes, which SQLite does not take \(SQLite\), want /,
    ],
  ])('says what to do about the folder of results: %s', async (_, output, message) => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    const stderr = await refused(['arms.yaml', '--output', output], cwd, { code: 3 });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/--output/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.runIf(process.platform === 'linux')('says what to do about a place where no folder can be made', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    expect(await refused(['arms.yaml', '--output', '/proc/l2bn/arms'], cwd, { code: 3 })).toMatch(
      /^l2bn: \/proc\/l2bn: got ENOENT \(no such file or directory\) from mkdir, want a place that is there/,
    );
    expect(await refused(['arms.yaml', '--output', '/sys/l2bn'], cwd, { code: 3 })).toMatch(
      /^l2bn: \/sys\/l2bn: got (EPERM|EACCES|EROFS) \([\w -]+\) from mkdir, want (the right to do that|a file system that)/,
    );
  });

  it.runIf(process.platform !== 'win32' && process.getuid?.() !== 0)(
    'says what to do about a folder without rights',
    async () => {
      const cwd = folderWith({ 'arms.yaml': ARMS });
      mkdirSync(join(cwd, 'sweeps'), { mode: 0o555 });
      expect(statSync(join(cwd, 'sweeps')).mode & 0o777).toBe(0o555);
      expect(await refused(['arms.yaml'], cwd, { code: 3 })).toMatch(
        /got EACCES \(permission denied\) from mkdir, want the right/,
      );
    },
  );
});
