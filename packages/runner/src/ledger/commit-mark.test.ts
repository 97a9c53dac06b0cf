import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { CommitMark } from './commit-mark.ts';

it('has the last number, whole, whatever it had before', () => {
  const folder = temporaryFolder();
  const mark = new CommitMark(folder);
  expect(mark.read()).toBe(0);
  for (const seq of [7, Number.MAX_SAFE_INTEGER, 12]) {
    mark.write(seq);
    expect(new CommitMark(folder).read()).toBe(seq);
  }
  mark.close(true);
  expect(readFileSync(join(folder, 'ledger.mark'), 'utf8')).toMatch(/^ +12\n$/);
  new CommitMark(folder).close(false);
  expect(existsSync(join(folder, 'ledger.mark'))).toBe(false);
});

it.each(['', 'x', '1.5', '9'.repeat(20)])('says nothing where it is damaged: %j', (content) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'ledger.mark'), content);
  expect(new CommitMark(folder).read()).toBe(0);
});

it('is done without where it cannot be written or removed', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'ledger.mark'));
  const mark = new CommitMark(folder);
  expect(() => {
    mark.write(1);
    mark.close(false);
  }).not.toThrow();
});
