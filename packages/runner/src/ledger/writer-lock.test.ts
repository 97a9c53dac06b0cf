import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { readdirSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { WriterLock } from './writer-lock.ts';

/** Holds the lock of a folder; at a message keeps it for so many ms more, then lets go. */
const HOLDER = `
import { rmSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
const database = new DatabaseSync(process.argv[1] + '/writer.lock');
database.exec('BEGIN EXCLUSIVE');
process.send('held');
process.once('message', (ms) => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  if (process.argv[2] === 'remove') rmSync(process.argv[1] + '/writer.lock');
  database.close();
  process.disconnect();
});
`;

async function holderOf(folder: string, atEnd = 'release'): Promise<ChildProcess> {
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', HOLDER, folder, atEnd], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  await once(holder, 'message');
  return holder;
}

it('waits for a process that lets go in a moment', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const holder = await holderOf(folder);
  // Long enough that the first try comes too early, and far less than is waited.
  holder.send(30);
  const lock = WriterLock.tryAcquire(folder, 60_000);
  expect(lock).toBeDefined();
  lock?.release();
});

it('is not had while another process keeps it, and had when that has been killed', async () => {
  const folder = temporaryFolder();
  const holder = await holderOf(folder);
  expect(WriterLock.tryAcquire(folder)).toBeUndefined();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = WriterLock.tryAcquire(folder);
  expect(lock).toBeDefined();
  lock?.release();
});

it('leaves no file when it is removed, and can be had anew', () => {
  const folder = temporaryFolder();
  WriterLock.tryAcquire(folder)?.remove();
  expect(readdirSync(folder)).toEqual([]);
  const lock = WriterLock.tryAcquire(folder);
  expect(WriterLock.tryAcquire(folder)).toBeUndefined();
  lock?.release();
});

it('is one that everybody sees, also where whoever held it has removed the file', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const holder = await holderOf(folder, 'remove');
  // The file that is opened now is gone when its lock is free.
  holder.send(200);
  const lock = WriterLock.tryAcquire(folder, 60_000);
  expect(lock).toBeDefined();
  expect(readdirSync(folder)).toContain('writer.lock');
  expect(WriterLock.tryAcquire(folder)).toBeUndefined();
  lock?.release();
});

it('is not taken for had where another file stands in its place by then', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'writer.lock');
  WriterLock.tryAcquire(folder)?.release();
  const replaced: (WriterLock | undefined)[] = [];
  const spy = vi.spyOn(fs, 'accessSync').mockImplementationOnce(() => {
    // Opened and locked: now it is removed, and another process makes and takes it anew.
    fs.renameSync(file, join(folder, 'old.lock'));
    replaced.push(WriterLock.tryAcquire(folder));
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
  expect(WriterLock.tryAcquire(folder, 0)).toBeUndefined();
  expect(replaced).toEqual([expect.any(WriterLock)]);
  replaced[0]?.release();
  WriterLock.tryAcquire(folder)?.release();
});
