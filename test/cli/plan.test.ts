import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { ARMS } from './small-sweeps.ts';

async function run(args: string[], { cwd = folderWith({ 'arms.yaml': ARMS }), env = {} } = {}) {
  const command = l2bn(args, { cwd, env });
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr, cwd };
}

/** A module with a network of one layer, regularized or not. */
const net = (layer: string) => `export const buildModel = ({ tf, inputShape, classes, l2 }) => tf.sequential({ layers: [
  tf.layers.flatten({ inputShape: [...inputShape] }), ${layer} ] });`;
const PLAIN = net('tf.layers.dense({ units: classes })');
const DENSE = 'tf.layers.dense({ units: classes, kernelRegularizer: tf.regularizers.l2({ l2 }) })';
const REGULARIZED = net(DENSE);
/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
);
/** TensorFlow that does not load. */
const BROKEN_TENSORFLOW = `
const { Module } = require('node:module');
const load = Module._load;
Module._load = function (name, ...rest) {
  if (name === '@tensorflow/tfjs-node') throw new Error('libtensorflow.so.2: cannot open shared object file');
  return load.call(this, name, ...rest);
};
`;

describe('l2bn plan', () => {
  it('shows cells, memory, workers, data, time and what λ reaches, and runs nothing', async () => {
    const { code, stdout, stderr, cwd } = await run(['plan', 'arms.yaml', 'workers=2']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^no BN · λ=1e-3 +1e-3 +0\.9999 /m);
    expect(stdout).toContain('4 cells × 1 seed = 4 trials');
    expect(stdout).toMatch(/^memory +about \d+(\.\d)? [MG]iB a trial, .* free$/m);
    expect(stdout).toMatch(/^workers +2, as the sweep says$/m);
    expect(stdout).toMatch(/^data +✓ digits 16×16×3: 128 images to train on, 359 to validate, 10 classes$/m);
    expect(stdout).toMatch(
      /^time +about (\d+ s|\d+ min.*) on 2 workers \(measured here: [\d.]+ m?s a step with BN, [\d.]+ m?s without\)$/m,
    );
    expect(stdout).toMatch(/^audit +smallConvNet, BN: λ reaches 5 of 17 variables: every kernel and the bias of pred/m);
    expect(stdout).toMatch(/^ +smallConvNet, no BN: λ reaches 5 of 5 variables/m);
    expect(existsSync(join(cwd, 'sweeps'))).toBe(false);
  });

  it('gives all of it as JSON, the time in ms by its parts', async () => {
    const { code, stdout } = await run(['plan', 'arms.yaml', 'workers=2', 'seeds=2', 'epochs=3', '--json']);
    expect(code).toBe(0);
    const { cells, audits, time, data, finished } = JSON.parse(stdout);
    expect([cells.length, finished]).toEqual([4, 0]);
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(data).toEqual([{ name: 'digits', classes: 10, train: 128, validation: 359, hash }]);
    expect(audits.map(({ batchNorm, l2 }: { batchNorm: boolean; l2: number }) => [batchNorm, l2])).toEqual([
      [true, 1e-3],
      [false, 1e-3],
    ]);
    for (const { variables } of audits as { variables: { kind: string; l2: number }[] }[]) {
      for (const { kind, l2 } of variables) {
        expect(l2).toBeCloseTo(['kernel', 'bias'].includes(kind) ? 1e-3 : 0, 8);
      }
    }
    expect(time).toMatchObject({ workers: 2, isUpperBound: false });
    expect(time.shapes).toHaveLength(2);
    // Each worker compiles both shapes once; each trial takes 3 epochs of 4 steps, and 4 validations of 12 batches.
    let work = 0;
    for (const { trials, measured, first, setup, step, evaluate, epochEnd } of time.shapes) {
      expect([trials, measured]).toEqual([4, true]);
      for (const part of [setup, step, evaluate, epochEnd]) expect(part).toBeGreaterThan(0);
      expect(first).toBeGreaterThanOrEqual(setup);
      work += (first + setup + 2 * (3 * 4 * step + 4 * (12 * evaluate + epochEnd))) * 2;
    }
    expect(time.total).toBeCloseTo(time.start + work / 2, 3);
  });

  it('measures some kinds of step and estimates the others, at most so long where trials can end early', async () => {
    const widths = 'alpha={ linear: [0.1, 0.3], points: 10 }';
    const { code, stdout } = await run(['plan', 'arms.yaml', 'model=mobileNetV2', 'l2=0', widths, 'patience=2']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^time +at most about .* ms to [\d.]+ ms a step with BN, [\d.]+ ms to [\d.]+ ms without\)$/m,
    );
    expect(stdout).toMatch(/^ +less where pruning or patience ends a trial early$/m);
    expect(stdout).toMatch(/^ +8 of 20 kinds of step were measured, the others estimated$/m);
    expect(stdout).toMatch(/^audit +mobileNetV2, BN: λ is 0 in every cell$/m);
  });

  it('leaves out of the time what a run would not run again', async () => {
    const { cwd } = await run(['run', 'arms.yaml', 'l2=1e-3', 'batchNorm=true,', '--no-page']);
    const { stdout } = await run(['plan', 'arms.yaml', '--no-measure'], { cwd });
    expect(stdout).toMatch(/^done +1 of them, in sweeps\/arms: not run again$/m);
    const all = await run(['plan', 'arms.yaml', 'l2=1e-3', 'batchNorm=true,'], { cwd });
    expect(all.stdout).toMatch(/^time +nothing is left to run$/m);
  });

  it('times nothing with --no-measure, and does without TensorFlow with --quick', async () => {
    const unmeasured = await run(['plan', 'arms.yaml', '--no-measure']);
    expect(unmeasured.code).toBe(0);
    expect(unmeasured.stdout).toMatch(/^audit +smallConvNet, BN: λ reaches 5 of 17/m);
    expect(unmeasured.stdout).not.toMatch(/^time/m);
    const cwd = folderWith({ 'arms.yaml': ARMS, 'broken.cjs': BROKEN_TENSORFLOW });
    const env = { NODE_OPTIONS: '--require ./broken.cjs' };
    const quick = await run(['plan', 'arms.yaml', '--quick'], { cwd, env });
    expect([quick.code, quick.stderr]).toEqual([0, '']);
    expect(quick.stdout).toMatch(/^data +✓ digits 16×16×3$/m);
    expect(quick.stdout).not.toMatch(/^(time|audit)/m);
    const loading = await run(['plan', 'arms.yaml'], { cwd, env });
    expect(loading.code).toBe(3);
    expect(loading.stderr).toMatch(/cannot open shared object file[\s\S]*l2bn doctor .*--quick/);
    expect((await run(['plan', 'arms.yaml', '--quick', '--audit'])).code).toBe(2);
  });

  it('lists with --audit the variables of each model by the λ that they receive', async () => {
    const text = await run(['plan', 'arms.yaml', '--audit', '--no-measure']);
    expect(text.stdout).toMatch(/^smallConvNet, BN: λ reaches 5 of 17 variables: .* \(at λ = 1e-3\)$/m);
    expect(text.stdout).toMatch(/^gamma +– +3 +\d+ +bn_1 … bn_3$/m);
  });

  it('refuses a λ that reaches no variable, and only then', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS.replace('smallConvNet', './net.mjs'), 'net.mjs': PLAIN });
    const { code, stderr } = await run(['plan', 'arms.yaml'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^arms\.yaml:4: config\.l2: got 0\.001, .* puts no l2 penalty on any variable/);
    expect((await run(['plan', 'arms.yaml', 'l2=0', '--no-measure'], { cwd })).code).toBe(0);
    writeFileSync(join(cwd, 'net.mjs'), REGULARIZED);
    const reached = await run(['plan', 'arms.yaml', '--no-measure'], { cwd });
    expect(reached.stdout).toContain('./net.mjs, BN: λ reaches 1 of 2 variables: the kernel of dense_Dense');
  });

  it('ends at once when it is interrupted, and leaves nothing behind', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    const temporary = join(cwd, 'tmp');
    mkdirSync(temporary);
    const net = `import { writeFileSync } from 'node:fs';
      export const buildModel = () => { writeFileSync('${join(cwd, 'building')}', ''); return new Promise(() => {}); };
      setInterval(() => {}, 1000);`;
    writeFileSync(join(cwd, 'net.mjs'), net);
    const command = l2bn(['plan', 'arms.yaml', 'model=./net.mjs'], { cwd, env: { TMPDIR: temporary } });
    await expect.poll(() => existsSync(join(cwd, 'building')), { timeout: 60_000 }).toBe(true);
    command.child.kill('SIGINT');
    expect(await command.ended).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('l2bn validate', () => {
  it('builds every model and reads all data, and names every problem once, with the sweep file', async () => {
    const cwd = folderWith({
      'bad.yaml': `name: bad
config: { l2: 1e-3, data: { imageSize: 16 } }
axes:
  batchNorm: [false, true]
  model: [./syntax.mjs, ./no-export.mjs, ./throws.mjs, ./plain.mjs, ./lstm.mjs, ./good.mjs, ./gone.mjs, smallConvNet]
`,
      'syntax.mjs': 'export const buildModel = ;',
      'no-export.mjs': 'export const model = 1;',
      'throws.mjs': "export default () => { throw new RangeError('too deep'); };",
      'plain.mjs': PLAIN,
      'lstm.mjs': net(`tf.layers.reshape({ targetShape: [8, 96] }), tf.layers.lstm({ units: 4 }), ${DENSE}`),
      'good.mjs': REGULARIZED,
    });
    const { code, stdout, stderr } = await run(['validate', 'bad.yaml'], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    const model = 'bad.yaml:5: config.model: got ';
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(`^${model}.*gone.mjs, but there is no file`),
        expect.stringMatching(`^${model}./syntax.mjs.*SyntaxError`),
        expect.stringMatching(`^${model}./no-export.mjs, which exports model`),
        expect.stringMatching(`^${model}./throws.mjs.* threw RangeError: too deep`),
        expect.stringMatching(/^bad.yaml:2: config.l2: got 0.001, but the model puts no l2 penalty on any variable/),
        expect.stringMatching(`^${model}.*lstm.mjs, layer .*: class LSTM`),
      ]),
    );
  });

  it('finds images that only decoding refuses, which --quick does not', async () => {
    const cwd = folderWith({
      'images.yaml': 'name: images\nconfig: { model: smallConvNet, data: { source: folder, path: images } }\n',
    });
    for (const name of ['cat', 'dog']) {
      mkdirSync(join(cwd, 'images', name), { recursive: true });
      writeFileSync(join(cwd, 'images', name, '1.png'), PIXEL);
      writeFileSync(join(cwd, 'images', name, '2.png'), name === 'cat' ? PIXEL : PIXEL.subarray(0, 50));
    }
    const quick = await run(['validate', 'images.yaml', '--quick'], { cwd });
    expect(quick).toMatchObject({ code: 0, stdout: 'images.yaml: valid, 1 cell × 1 seed = 1 trial\n' });
    const { code, stdout } = await run(['validate', 'images.yaml', '--json'], { cwd });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      problems: [{ file: join(cwd, 'images/dog/2.png'), want: 'a whole PNG or JPEG image' }],
    });
  });
});
