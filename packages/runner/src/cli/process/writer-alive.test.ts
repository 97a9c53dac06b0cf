import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { WriterLock } from '../../ledger/writer-lock.ts';
import { isWritten } from './writer-alive.ts';

it('tells whether a writer holds the folder, and leaves it to the next', () => {
  const folder = temporaryFolder();
  expect(isWritten(folder)).toBe(false);
  const lock = WriterLock.tryAcquire(folder);
  expect(isWritten(folder)).toBe(true);
  lock!.release();
  expect(isWritten(folder)).toBe(false);
  expect(WriterLock.tryAcquire(folder)?.release()).toBeUndefined();
});

it('takes a file that is no lock for none', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'writer.lock'), 'no database'.repeat(200));
  expect(isWritten(folder)).toBe(false);
});
