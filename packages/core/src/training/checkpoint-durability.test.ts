import type * as FileSystem from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { Checkpoint } from './checkpoint-file.ts';
import { CheckpointStore } from './checkpoint-store.ts';

/** What was asked of the file system, in order: `fsync epoch-1.ckpt.tmp`. */
const { calls } = vi.hoisted(() => ({ calls: [] as string[] }));

/** The real file system, of which every call that durability depends on is written down. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof FileSystem>();
  const names = new Map<number, string>();
  const openSync: typeof fs.openSync = (path, ...rest) => {
    const descriptor = fs.openSync(path, ...rest);
    names.set(descriptor, basename(String(path)));
    return descriptor;
  };
  const writeSync = ((descriptor: number, ...rest: [Buffer]) => {
    if (!calls.at(-1)?.startsWith('write ')) calls.push(`write ${names.get(descriptor)}`);
    return fs.writeSync(descriptor, ...rest);
  }) as typeof fs.writeSync;
  const fsyncSync: typeof fs.fsyncSync = (descriptor) => {
    calls.push(`fsync ${names.get(descriptor)}`);
    fs.fsyncSync(descriptor);
  };
  const renameSync: typeof fs.renameSync = (from, to) => {
    calls.push(`rename ${basename(String(from))} to ${basename(String(to))}`);
    fs.renameSync(from, to);
  };
  const linkSync: typeof fs.linkSync = (from, to) => {
    calls.push(`link ${basename(String(from))} to ${basename(String(to))}`);
    fs.linkSync(from, to);
  };
  const rmFile: typeof fs.rmSync = (path, options) => {
    if (fs.existsSync(path)) calls.push(`remove ${basename(String(path))}`);
    fs.rmSync(path, options);
  };
  return { ...fs, openSync, writeSync, fsyncSync, renameSync, linkSync, rmSync: rmFile };
});

const checkpointOf = (epoch: number, begun?: Checkpoint['begun']): Checkpoint => ({
  epoch,
  step: epoch,
  lastCrossEntropy: 1,
  validation: 1,
  bestValidation: 1,
  ...(begun === undefined ? {} : { begun }),
  state: { step: epoch, weights: [new Float32Array(8)], slots: {} },
});

/** What makes a file durable: content before name, name before anything that counts on it. */
const durably = (name: string): string[] => [
  `write ${name}.tmp`,
  `fsync ${name}.tmp`,
  `rename ${name}.tmp to ${name}`,
  'fsync trial',
];

function makeStore(link?: typeof FileSystem.linkSync): CheckpointStore {
  const above = mkdtempSync(join(tmpdir(), 'l2bn-durable-'));
  onTestFinished(() => rmSync(above, { recursive: true }));
  return new CheckpointStore(join(above, 'trial'), link === undefined ? {} : { link });
}

beforeEach(() => {
  calls.length = 0;
});

it('brings a file to the disk before it takes its name, and the name before old files go', () => {
  const store = makeStore();
  for (let epoch = 0; epoch < 3; epoch++) store.save(checkpointOf(epoch), false);
  calls.length = 0;
  store.save(checkpointOf(3), true);
  expect(calls).toEqual([
    ...durably('epoch-3.ckpt'),
    'link epoch-3.ckpt to best.tmp',
    'rename best.tmp to best.ckpt',
    'remove epoch-0.ckpt',
  ]);
});

it('does the same for the state of a trial that is stopped inside an epoch', () => {
  const store = makeStore();
  store.save(checkpointOf(0, { batches: 1, sum: { images: 1, crossEntropy: 1, penalty: 1, correct: 1 } }), false);
  expect(calls).toEqual(durably('epoch-0-stopped.ckpt'));
  calls.length = 0;
  store.save(checkpointOf(1), false);
  expect(calls).toEqual([...durably('epoch-1.ckpt'), 'remove epoch-0-stopped.ckpt']);
});

it('brings a copy to the disk before it takes the name of the best one', () => {
  const store = makeStore(() => {
    throw Object.assign(new Error('no links'), { code: 'EPERM' });
  });
  store.save(checkpointOf(0), true);
  expect(calls).toEqual([...durably('epoch-0.ckpt'), 'fsync best.tmp', 'rename best.tmp to best.ckpt']);
});
