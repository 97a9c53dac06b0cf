import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLedger } from '@l2bn/runner';
import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const SWEEPS = readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml'));
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Binary files of CIFAR-10 as a sweep beside them finds them, of the size of one image each. */
const CIFAR10 = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'];

async function run(cwd: string, ...args: string[]) {
  const command = l2bn(args, { cwd });
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

const trialsIn = (folder: string) => readLedger(folder).state.trials;

describe('examples', () => {
  it.each(SWEEPS.filter((name) => name !== 'cifar10.yaml'))('%s can run as it stands', async (name) => {
    expect(await run(folderWith(), 'validate', join(EXAMPLES, name))).toEqual({
      code: 0,
      stdout: expect.stringMatching(/valid, \d+ cells × \d seeds? = \d+ trials\n$/),
      stderr: '',
    });
  });

  it('cifar10.yaml lacks its data, and nothing else', async () => {
    const { code, stderr } = await run(folderWith(), 'validate', join(EXAMPLES, 'cifar10.yaml'), '--quick');
    expect(stderr).toMatch(/^\S+: config\.data\.path: got .*\n$/);
    expect(code).toBe(2);

    const cwd = folderWith({ 'cifar10.yaml': read('examples/cifar10.yaml') });
    const files = CIFAR10.map((name) => join(cwd, `${name}.bin`));
    for (const file of files) writeFileSync(file, new Uint8Array(1 + 32 * 32 * 3));
    const found = await run(cwd, 'validate', 'cifar10.yaml', `data.path=${cwd}`, '--quick');
    expect(found).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('examples/my-model.mjs', () => {
  it('is trained by l2bn run, learns with Batch Normalization and without, and feels λ', async () => {
    const cwd = folderWith();
    const sweep = join(EXAMPLES, 'my-model.yaml');
    const { code, stdout, stderr } = await run(cwd, 'run', sweep, 'l2=0,1e-2', 'epochs=5', '--no-page');
    expect(stderr).toContain('4 cells × 1 seed = 4 trials');
    expect(code).toBe(0);
    expect(stdout.match(/learned$/gm)).toHaveLength(4);

    const trials = trialsIn(join(cwd, 'sweeps/my-model'));
    const starts = trials.map(({ epochs }) => JSON.stringify(epochs[0]!.weights));
    expect(new Set(starts).size).toBe(1);
    expect(trials.map(({ epochs }) => epochs[0]!.weights.layer)).toEqual(Array(4).fill('conv_1a'));
    const norms = trials.map(({ epochs }) => epochs.at(-1)!.weights.norm!);
    expect(norms[1]).toBeLessThan(norms[0]!);
    expect(norms[3]).toBeLessThan(norms[2]!);
  });

  it('has the weights of its seed, whatever is trained beside it', async () => {
    const cwd = folderWith();
    const sweep = join(EXAMPLES, 'my-model.yaml');
    const words = ['batchNorm=true', 'l2=1e-3', 'epochs=1', 'data.limit=64', 'seeds=0,1'];
    for (const name of ['once', 'again']) {
      expect((await run(cwd, 'run', sweep, ...words, `name=${name}`, '--no-page')).code).toBe(0);
    }
    const [once, again] = ['once', 'again'].map((name) =>
      trialsIn(join(cwd, 'sweeps', name)).map(({ weightsHash }) => weightsHash),
    );
    expect(once).toEqual(again);
    expect(new Set(once).size).toBe(2);
  });

  it('is given λ on every kernel and alpha as its width', async () => {
    const sweep = join(EXAMPLES, 'my-model.yaml');
    const { code, stdout } = await run(folderWith(), 'plan', sweep, 'alpha=0.25,1', '--no-measure', '--audit');
    expect(code).toBe(0);
    expect(stdout).toContain('BN: λ reaches 7 of 32 variables: every kernel');
    expect(stdout).toContain('no BN: λ reaches 7 of 14 variables: every kernel');
  });
});

describe('docs/model-module.md', () => {
  const page = read('docs/model-module.md');
  const sweep = (model: string, axes: string) => `
name: own
config: { model: ./${model}, learningRate: 0.05, epochs: 1, data: { imageSize: 8, limit: 64 } }
axes: { ${axes} }
`;
  /** A network that ends in the layer that is named, and that is asked for on both engines. */
  const endingIn = (layer: string) => ({
    'net.mjs': `export default async ({ tf, inputShape, classes }) => tf.sequential({ layers: [
      tf.layers.flatten({ inputShape }), tf.layers.dense({ units: classes }), tf.layers.${layer},
    ] });`,
    'sweep.yaml': sweep('net.mjs', 'engine: [graph, layers]'),
  });

  it('has a module that can be swept, on both engines', async () => {
    const [, module] = /```js\n([\s\S]*?)```/.exec(page)!;
    const axes = 'batchNorm: [true, false], l2: [0, 1e-3], engine: [graph, layers]';
    const cwd = folderWith({ 'my-model.mjs': module!, 'sweep.yaml': sweep('my-model.mjs', axes) });
    const { code, stderr } = await run(cwd, 'run', 'sweep.yaml', '--no-page');
    expect(code, stderr).toBe(0);
    const trials = trialsIn(join(cwd, 'sweeps/own'));
    expect(trials.map(({ status }) => status)).toEqual(Array(8).fill('done'));
    const losses = trials.map(({ epochs }) => epochs.at(-1)!.validation.crossEntropy!);
    for (let cell = 0; cell < 8; cell += 2) expect(losses[cell]).toBeCloseTo(losses[cell + 1]!, 4);
    expect(new Set(losses.map((loss) => loss.toFixed(4))).size).toBe(4);
  });

  it('names the layers that the graph engine compiles, and others are left to engine: layers', async () => {
    const cwd = folderWith(endingIn('thresholdedReLU({})'));
    const { code, stderr } = await run(cwd, 'validate', 'sweep.yaml');
    expect(code).toBe(2);
    const [, names] = /class ThresholdedReLU, .* \(engine=graph\), want one of (.*) \(or engine: layers\)\n$/.exec(
      stderr,
    )!;
    const layers = names!.toLowerCase().split(', ');
    const [, table] = /## What the graph engine compiles\n([\s\S]*?)\n\nActivations/.exec(page)!;
    const told = [...table!.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell]) => cell!.match(/\w+(?=`)/g) ?? []);
    expect(told.map((name) => name.toLowerCase()).sort()).toEqual(
      layers.filter((name) => name !== 'inputlayer').sort(),
    );
    expect(await run(cwd, 'validate', 'sweep.yaml', 'engine=layers')).toMatchObject({ code: 0, stderr: '' });
  });

  it('says who takes a softmax head', async () => {
    const cwd = folderWith(endingIn('softmax()'));
    const { code, stderr } = await run(cwd, 'validate', 'sweep.yaml');
    expect(code).toBe(2);
    expect(stderr.match(/\n/g)).toHaveLength(1);
    expect(stderr).toMatch(/a softmax at the end of the model \(engine=layers\)/);
  });
});
