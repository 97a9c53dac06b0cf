import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { WriterLock } from './writer-lock.ts';

/** Holds the lock of a folder; at a message keeps it for so many ms more, then lets go. */
const HOLDER = `
import { DatabaseSync } from '@photostructure/sqlite';
const database = new DatabaseSync(process.argv[1] + '/writer.lock');
database.exec('BEGIN EXCLUSIVE');
process.send('held');
process.once('message', (ms) => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  database.close();
  process.disconnect();
});
`;

async function holderOf(folder: string): Promise<ChildProcess> {
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', HOLDER, folder], {
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
