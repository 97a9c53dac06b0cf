import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../packages/runner/dist/cli/main.js', import.meta.url));

const CONFIG = '{ model: MODEL, learningRate: 0.05, epochs: 1, data: { source: digits, imageSize: 16, limit: 128 } }';

/** Four trials that all end well. */
export const ARMS = `
name: arms
config: ${CONFIG.replace('MODEL', 'smallConvNet')}
axes: { batchNorm: [true, false], l2: [0, 1e-3] }
workers: 2
`;

/** One trial that ends well, one that diverges and two that fail. */
const MIXED = `
name: mixed
config: ${CONFIG.replace('MODEL', './net.mjs')}
axes: { alpha: [1, 2], learningRate: [0.05, 1e20] }
retries: 0
`;

const NET = `
import { isMainThread } from 'node:worker_threads';
export function buildModel({ tf, inputShape, classes, alpha }) {
  // Where a trial trains only: a model that cannot be built at all is refused with its sweep.
  if (alpha === 2 && !isMainThread) throw new Error('no network that wide');
  return tf.sequential({ layers: [
    tf.layers.flatten({ inputShape: [...inputShape] }),
    tf.layers.dense({ units: 8, activation: 'relu' }),
    tf.layers.dense({ units: classes }),
  ] });
}
`;

export interface SweepsFolder {
  folder: string;
  remove(): void;
}

/** A new folder with the sweep files, in which those named have been run; for tests that only look at the results. */
export function folderWithResults(...names: ('arms' | 'mixed')[]): SweepsFolder {
  const folder = mkdtempSync(join(tmpdir(), 'l2bn-cli-'));
  writeFileSync(join(folder, 'arms.yaml'), ARMS);
  writeFileSync(join(folder, 'mixed.yaml'), MIXED);
  writeFileSync(join(folder, 'net.mjs'), NET);
  for (const name of names) {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'run', `${name}.yaml`, '--no-page'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    if (status !== (name === 'arms' ? 0 : 1)) throw new Error(`${name} ended with ${status}:\n${stderr}`);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) };
}
