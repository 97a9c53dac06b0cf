import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { WriterLock } from '../ledger/writer-lock.ts';
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
