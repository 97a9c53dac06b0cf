import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { ARMS } from './small-sweeps.ts';

const VERBS = ['run', 'plan', 'validate', 'init', 'doctor', 'status', 'watch', 'table', 'export'];
const STEERING = ['pause', 'resume', 'stop', 'workers', 'cancel', 'retry'];

async function run(args: string[], { cwd = folderWith({ 'arms.yaml': ARMS }), env = {} } = {}) {
  const command = l2bn(args, { cwd, env });
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr, cwd };
}

describe('help', () => {
  it.each([[[]], [['help']], [['--help']]])('is what l2bn %j says, with exit code 0', async (args) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stderr]).toEqual([0, '']);
    for (const verb of [...VERBS, ...STEERING]) expect(stdout).toMatch(new RegExp(`^ {2}${verb} `, 'm'));
    expect(stdout).toContain('Examples:');
  });

  it.each([...VERBS, ...STEERING])('of %s has an example and exit codes', async (verb) => {
    const { code, stdout } = await run([verb, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Exit codes:(\n {2}0 | 0 )/m);
    expect(stdout).not.toContain('default: false');
    expect(stdout).toMatch(new RegExp(`^Usage: l2bn ${verb} `));
    expect(stdout).toMatch(new RegExp(`Examples?:\\n {2}\\$ .*l2bn ${verb}`));
  });

  it('suggests the command and the option that were meant', async () => {
    expect(await run(['statsu'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean status?') });
    expect(await run(['table', '--jsno'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--json?') });
  });
});

describe('a command line that cannot be used', () => {
  const SWEEP = 'want a sweep file, a folder of results, or the name of a sweep below ./sweeps (there: arms.yaml)';
  const RESULTS = 'want a folder of results, or the name of a sweep below ./sweeps';
  it.each([
    [['frob'], "error: unknown command 'frob'\n(l2bn --help lists the commands)\n"],
    [['help', 'frob'], "error: unknown command 'frob'\n(l2bn --help lists the commands)\n"],
    [['frob', '--help'], "error: unknown command 'frob'\n(l2bn --help lists the commands)\n"],
    [['-h', 'frob'], "error: unknown command 'frob'\n(l2bn --help lists the commands)\n"],
    [['--frob'], "error: unknown option '--frob'\n(l2bn --help lists the commands)\n"],
    [['table', '--frob'], "error: unknown option '--frob'\n(l2bn table --help shows what it takes)\n"],
    [['workers'], "error: missing required argument 'n'\n(l2bn workers --help shows what it takes)\n"],
    [['workers', 'arms'], 'workers: got arms, want a whole number ≥ 1, such as l2bn workers 2\n'],
    [['run', 'arms.yaml', '-w', 'two'], '--workers: got two, want a whole number ≥ 1, such as --workers 2\n'],
    [['run', 'arms.yaml', '-p', ''], '--port: got nothing, want a whole number from 0 to 65535, such as --port 8080\n'],
    [
      ['run', 'arms.yaml', '--on-failure', 'shrug'],
      '--on-failure: got shrug, want continue, stop or stop-after=N, such as stop-after=3\n',
    ],
    ...['run', 'plan', 'validate'].map((verb): [string[], string] => [
      [verb, 'arms.yaml', '--lr=0.1'],
      `error: unknown option '--lr=0.1'\n(keys are set without dashes: learningRate=0.1)\n(l2bn ${verb} --help shows what it takes)\n`,
    ]),
    ...['run', 'plan', 'validate'].map((verb): [string[], string] => [
      [verb, 'gone.yaml'],
      `gone.yaml: got no such file, ${SWEEP}; l2bn init gone.yaml writes one\n`,
    ]),
    [['plan', 'gone'], `gone: got no such file, ${SWEEP}\n`],
    [['plan', '.'], '.: got a folder without results, want a sweep file, or a folder of results\n'],
    [['plan'], /^got nothing to run, want a sweep file .*l2bn init writes one/],
    [['export', '-f', 'xml'], '--format: got xml, want csv, jsonl, parquet or optuna\n'],
    ...['status', 'watch', 'table', 'export', 'pause', 'stop', 'retry'].map((verb): [string[], string] => [
      [verb, 'gone'],
      `gone: got no such folder, ${RESULTS}\n`,
    ]),
    [['cancel', 'trial', '.'], `.: got a folder without results (no ledger.db), ${RESULTS}\n`],
    [['table', 'arms.yaml'], `arms.yaml: got a file, ${RESULTS}\n`],
    [['status'], /^sweeps: got no sweep, want results of l2bn run there/],
  ])('%j is refused with what to do', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message instanceof RegExp ? message : new RegExp(`^${escaped(message)}$`));
  });
});

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('l2bn validate', () => {
  it('says in one line what the file holds, overrides included', async () => {
    expect(await run(['validate', 'arms.yaml', 'l2=0,1e-4,1e-3', 'seeds=2'])).toMatchObject({
      code: 0,
      stdout: 'arms.yaml: valid, 6 cells × 2 seeds = 12 trials\n',
      stderr: '',
    });
  });

  it('names every problem, of models and data too', async () => {
    const cwd = folderWith({
      'bad.yaml':
        'name: x\nconfig: { data: { source: folder, path: nowhere } }\naxes: { model: [mobileNetV9, ./gone.mjs] }\n',
    });
    const { code, stdout, stderr } = await run(['validate', 'bad.yaml'], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^bad\.yaml:3: config\.model: got .*mobileNetV9/),
      expect.stringMatching(/^bad\.yaml:2: config\.data\.path: got .*nowhere/),
      expect.stringMatching(/^bad\.yaml:3: config\.model: got .*gone\.mjs/),
    ]);
  });

  it('gives the problems as JSON and as annotations', async () => {
    const cwd = folderWith({ 'bad.yaml': 'name: x\nconfig:\n  epochs: 0\n' });
    const json = await run(['validate', 'bad.yaml', '--json'], { cwd });
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toEqual({
      file: 'bad.yaml',
      valid: false,
      problems: [{ file: 'bad.yaml', line: 3, path: 'config.epochs', got: '0', want: 'a number ≥ 1' }],
    });
    writeFileSync(join(cwd, 'torn.yaml'), 'name: [x\n');
    const torn = await run(['validate', 'torn.yaml', '--json'], { cwd });
    expect(JSON.parse(torn.stdout)).toMatchObject({ problems: [{ file: 'torn.yaml', line: 1, column: 7 }] });
    const onGithub = await run(['validate', 'bad.yaml'], { cwd, env: { GITHUB_ACTIONS: 'true' } });
    expect(onGithub.stderr).toContain('::error file=bad.yaml,line=3::config.epochs: got 0, want a number ≥ 1');
  });

  it.each([
    [
      'an alias of what it stands in',
      'name: x\naxes: &a {l2: [0, *a]}\n',
      'axes.l2[1]: got an alias of what it stands in',
    ],
    [
      'pruning that never happens',
      'name: x\nconfig: {epochs: 3}\npruning: {rule: asha, minEpochs: 3}\n',
      'minEpochs: got 3',
    ],
  ])('refuses %s', async (_, content, message) => {
    const cwd = folderWith({ 'bad.yaml': content });
    for (const verb of ['validate', 'run']) {
      const { code, stderr } = await run([verb, 'bad.yaml'], { cwd });
      expect([code, stderr.split('\n').length]).toEqual([2, 2]);
      expect(stderr).toContain(message);
    }
  });

  it('names a model that ends the process, as run does, and the command line that the model comes from', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS, 'exits.mjs': '\nexport const buildModel = () => process.exit(3);\n' });
    for (const verb of ['validate', 'plan', 'run']) {
      const { code, stderr } = await run([verb, 'arms.yaml', 'model=./exits.mjs'], { cwd });
      expect([verb, code]).toEqual([verb, 2]);
      expect(stderr).toContain(
        'command line: config.model: got ./exits.mjs:2: buildModel threw Error: process.exit(3), which would end the',
      );
      expect(stderr).not.toContain('doctor');
    }
    expect(await run(['validate', 'arms.yaml', 'model=./gone.mjs,'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^command line: config\.model: got \.\/gone\.mjs, but there is no file/),
    });
    expect(await run(['run', 'arms.yaml', 'data.source=folder', 'data.path=gone'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^command line: config\.data\.path: got "gone"/),
    });
  });

  it('names the command line where an override is wrong', async () => {
    expect(await run(['validate', 'arms.yaml', 'l3=1'])).toMatchObject({
      code: 2,
      stderr: 'command line: got the unknown key "l3", want "l2"\n',
    });
    expect(await run(['validate', 'arms.yaml', 'l2=0,-1'])).toMatchObject({
      code: 2,
      stderr: 'command line: axes.l2[1]: got -1, want a number ≥ 0\n',
    });
  });
});

describe('axes without effect', () => {
  const NET = `export const buildModel = ({ tf, inputShape, classes, l2 }) => tf.sequential({ layers: [
  tf.layers.flatten({ inputShape: [...inputShape] }),
  tf.layers.dense({ units: classes, kernelRegularizer: tf.regularizers.l2({ l2 }) }) ] });`;
  const MOMENTUM = 'momentum has no effect with optimizer sgd: 4 cells train as others do; leave the axis out';
  const MODEL = 'batchNorm seems to have no effect on ./net.mjs: it has the same variables with it and without';

  it('are warned of by plan and validate, and not refused', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS, 'net.mjs': NET });
    const words = ['arms.yaml', 'momentum=0.5,0.9', 'model=./net.mjs'];
    const stderr = `warning: arms.yaml: ${MOMENTUM}\nwarning: arms.yaml: ${MODEL}\n`;
    expect(await run(['plan', ...words, '--no-measure'], { cwd })).toMatchObject({ code: 0, stderr });
    const json = await run(['validate', ...words, '--json'], { cwd });
    expect(json).toMatchObject({ code: 0, stderr });
    expect(JSON.parse(json.stdout)).toMatchObject({ valid: true, warnings: [MOMENTUM, MODEL] });
    const quick = await run(['plan', ...words, '--quick', '--json'], { cwd });
    expect(JSON.parse(quick.stdout).warnings).toEqual([MOMENTUM]);
  });

  it('are warned of by run, in one line', async () => {
    const { code, stderr } = await run(['run', 'arms.yaml', 'momentum=0.5,0.9', 'alpha=1,2', 'l2=0', '--no-page']);
    expect(code).toBe(0);
    expect(stderr.match(/^.*warning: .*$/gm)).toEqual([
      expect.stringMatching(/warning: momentum has no effect .*; and 1 more: l2bn plan$/),
    ]);
  });
});

describe('l2bn run with overrides', () => {
  it('runs what the command line says', async () => {
    const { code, stdout, cwd } = await run([
      'run',
      'arms.yaml',
      'l2=1e-3',
      'batchNorm=true,',
      'name=closer',
      'data.limit=64',
      '--no-page',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^BN /m);
    expect(stdout).not.toContain('no BN');
    const plan = JSON.parse(readFileSync(join(cwd, 'sweeps/closer/plan.json'), 'utf8'));
    expect(plan.cells).toHaveLength(1);
    expect(plan.cells[0].config).toMatchObject({ l2: 1e-3, batchNorm: true, data: { limit: 64, imageSize: 16 } });
    expect(readdirSync(join(cwd, 'sweeps'))).toEqual(['closer']);
  });
});

describe('l2bn init', () => {
  it('writes a sweep file that is valid and explains itself, and never writes over one', async () => {
    const cwd = folderWith();
    const init = await run(['init', 'my sweep.yaml'], { cwd });
    expect([init.code, init.stdout]).toEqual([0, '']);
    expect((await run(['validate', 'my sweep.yaml'], { cwd })).stdout).toBe(
      'my sweep.yaml: valid, 10 cells × 1 seed = 10 trials\n',
    );
    const [schema] = readFileSync(join(cwd, 'my sweep.yaml'), 'utf8').split('\n');
    expect(existsSync(join(cwd, schema!.split('$schema=')[1]!))).toBe(true);
    writeFileSync(join(cwd, 'my sweep.yaml'), 'mine');
    expect(await run(['init', 'my sweep.yaml'], { cwd })).toMatchObject({
      code: 2,
      stderr:
        'my sweep.yaml: got a file that is there already, want a new one: l2bn init OTHER.yaml, or move this one away\n',
    });
    expect(readFileSync(join(cwd, 'my sweep.yaml'), 'utf8')).toBe('mine');
  });

  it('refuses other kinds of file and folders that are not there', async () => {
    expect(await run(['init', 'sweep.txt'])).toMatchObject({ code: 2, stderr: expect.stringContaining('.txt file') });
    expect(await run(['init', 'no/sweep.yaml'])).toMatchObject({
      code: 2,
      stderr: 'no/sweep.yaml: got no such folder, want a folder that is there: mkdir -p no\n',
    });
  });
});

describe('l2bn doctor', () => {
  const byName = (stdout: string) =>
    Object.fromEntries(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map((check) => [check.name, check]),
    );

  it('finds this machine fit', async () => {
    const { code, stdout } = await run(['doctor', '--json']);
    expect(code, stdout).toBe(0);
    expect(byName(stdout)).toMatchObject({
      Node: { status: 'ok', found: process.version },
      SQLite: { status: 'ok' },
      TensorFlow: { status: 'ok', found: expect.stringMatching(/^2\.\d+\.\d+, loaded and trained/) },
    });
    const text = await run(['doctor']);
    expect(text.stdout).toMatch(/^✓ SQLite +\d/m);
  });

  it('ends with 3 and says what to do where SQLite or TensorFlow do not load', async () => {
    const cwd = folderWith({
      'broken.cjs': `
const { Module, register } = require('node:module');
const load = Module._load;
Module._load = function (name, ...rest) {
  if (name === '@tensorflow/tfjs-node') throw new Error('libtensorflow.so.2: cannot open shared object file');
  return load.call(this, name, ...rest);
};
register('data:text/javascript,' + encodeURIComponent(
  'export const resolve = (name, context, next) => {' +
  '  if (name === "@photostructure/sqlite") throw new Error("no SQLite");' +
  '  return next(name, context);' +
  '};'
));
`,
    });
    const { code, stdout } = await run(['doctor'], { cwd, env: { NODE_OPTIONS: '--require ./broken.cjs' } });
    expect(code).toBe(3);
    expect(stdout).toMatch(/^✕ SQLite +no SQLite\n +→ npm install/m);
    expect(stdout).toMatch(/^✕ TensorFlow +exit code 1\n[^→]*cannot open shared object file[^→]*→ npm run setup/m);
  });
});
