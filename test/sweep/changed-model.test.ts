import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { whileFrozen } from '../support/processes.ts';

const SWEEP = `
name: own
config:
  model: ./net.mjs
  epochs: 2
  data: { source: digits, imageSize: 8, limit: 64 }
`;

/** A small network; `before` is run first, in each thread that builds one. */
const net = (units: number, before = '') => `
import { isMainThread } from 'node:worker_threads';
export function buildModel({ tf, inputShape, classes, seed }) {
  ${before}
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  return tf.sequential({ layers: [
    tf.layers.flatten({ inputShape }),
    tf.layers.dense({ units: ${units}, activation: 'relu', kernelInitializer }),
    tf.layers.dense({ units: classes, kernelInitializer }),
  ] });
}
`;

const FAILS = "if (!isMainThread) throw new Error('not yet right');";

async function run(cwd: string, ...overrides: string[]): Promise<{ code: number | null; stderr: string }> {
  const command = l2bn(['run', 'own.yaml', ...overrides, '--no-page'], { cwd });
  const code = await command.ended;
  return { code, stderr: command.stderr };
}

const trialsIn = (cwd: string) => readLedger(join(cwd, 'sweeps/own')).state.trials;

it('a model that was edited is refused beside the results of the old one, and takes their place where there are none', async () => {
  const cwd = folderWith({ 'own.yaml': SWEEP, 'net.mjs': net(8, FAILS) });
  expect((await run(cwd)).code).toBe(1);

  // Nothing came of it yet: mended, it is the model of this sweep.
  writeFileSync(join(cwd, 'net.mjs'), net(8));
  expect(await l2bn(['retry', 'own'], { cwd }).ended).toBe(0);
  expect((await run(cwd)).code).toBe(0);
  const [first] = trialsIn(cwd);
  expect(first?.status).toBe('done');

  // Now there is a result, and a mean over two networks would be one of nothing.
  writeFileSync(join(cwd, 'net.mjs'), net(4));
  const { code, stderr } = await run(cwd, 'seeds=2');
  expect(stderr).toMatch(
    /config\.model: got \.\/net\.mjs, which was edited since \(hash [0-9a-f]{12}, was [0-9a-f]{12}\)/,
  );
  expect(code).toBe(2);
  expect(trialsIn(cwd)).toEqual([first]);

  writeFileSync(join(cwd, 'net.mjs'), net(8));
  expect((await run(cwd, 'seeds=2')).code).toBe(0);
  expect(trialsIn(cwd).map(({ status }) => status)).toEqual(['done', 'done']);
});

it('a model that is edited while its sweep runs is in no result', async () => {
  const cwd = folderWith({ 'own.yaml': `${SWEEP}\nworkers: 1\n`, 'net.mjs': net(8) });
  const words = ['run', 'own.yaml', 'epochs=200', 'seeds=4', '--no-page'];
  const first = l2bn(words, { cwd });
  await first.saw(/: done after/);
  await whileFrozen(first, async () => {
    writeFileSync(join(cwd, 'net.mjs'), net(4));
    // A thread that has trained nothing yet comes in: it would load what the file holds now.
    expect(await l2bn(['workers', '2', 'own'], { cwd }).ended).toBe(0);
  });
  expect(await first.ended, first.stderr).toBe(2);
  expect(first.stderr).toContain('got ./net.mjs, which was edited while the sweep ran');

  const second = l2bn(words, { cwd });
  expect(await second.ended, second.stderr).toBe(2);
  expect(second.stderr).toContain('got ./net.mjs, which was edited since');

  writeFileSync(join(cwd, 'net.mjs'), net(8));
  const third = l2bn(words, { cwd });
  expect(await third.ended, third.stderr).toBe(0);
  expect(trialsIn(cwd).map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'done'));

  const other = folderWith({ 'own.yaml': `${SWEEP}\nworkers: 1\n`, 'net.mjs': net(8) });
  expect(await l2bn(words, { cwd: other }).ended).toBe(0);
  expect(trialsIn(cwd).map(({ weightsHash }) => weightsHash)).toEqual(
    trialsIn(other).map(({ weightsHash }) => weightsHash),
  );
});

/** An IDX file of bytes. */
const idx = (sizes: number[], bytes: number[]): Buffer => {
  const head = Buffer.from([0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, size >> 8, size & 255])]);
  return Buffer.concat([head, Buffer.from(bytes)]);
};

it('data that have changed are refused beside the results of the old ones', async () => {
  const count = 64;
  const pixels = Array.from({ length: count * 64 }, (_, i) => (i * 37) % 251);
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const sweep = SWEEP.replace('./net.mjs', 'smallConvNet').replace(
    /data: .*/,
    'data: { source: idx, path: ., imageSize: 8, channels: 1 }',
  );
  const cwd = folderWith({ 'own.yaml': sweep });
  const images = join(cwd, 'train-images-idx3-ubyte');
  writeFileSync(images, idx([count, 8, 8], pixels));
  writeFileSync(join(cwd, 'train-labels-idx1-ubyte'), idx([count], labels));
  const before = await run(cwd);
  expect(before.code, before.stderr).toBe(0);
  const [first] = trialsIn(cwd);

  // One pixel of one image.
  writeFileSync(images, idx([count, 8, 8], [(pixels[0]! + 1) % 251, ...pixels.slice(1)]));
  const { code, stderr } = await run(cwd, 'seeds=2');
  expect(stderr).toMatch(/config\.data: got .* with other images or labels than before \(hash [0-9a-f]{12}, was /);
  expect(code).toBe(2);
  expect(trialsIn(cwd)).toEqual([first]);
});
