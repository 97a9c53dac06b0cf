import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { Sqlite } from '../../ledger/sqlite.ts';
import { WriterLock } from '../../ledger/writer-lock.ts';
import { explainSystemError } from './system-error.ts';

function errorOf(deed: () => unknown): unknown {
  try {
    deed();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}

describe('explainSystemError', () => {
  it('names the place, what came and what is wanted', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(explainSystemError(errorOf(() => mkdirSync(join(file, 'below'))))).toBe(
      `${file}/below: got ENOTDIR (not a directory) from mkdir, want a folder, but a file stands there: ` +
        'name another (--output), or move the file away',
    );
    expect(explainSystemError(errorOf(() => openSync(`${file}-none`, 'r')))).toBe(
      `${file}-none: got ENOENT (no such file or directory) from open, want a place that is there, or can be made: ` +
        'name another (--output)',
    );
  });

  it('names a file that is being written as the user knows it', () => {
    const file = join(temporaryFolder(), 'none', 'x.csv');
    expect(explainSystemError(errorOf(() => openSync(`${file}.4711.tmp`, 'w')))).toContain(`${file}: got ENOENT`);
  });

  it('takes SQLite for a part of the system, with the place that the lock adds', () => {
    const folder = join(temporaryFolder(), 'none');
    const want = 'want a folder that can be written, on a disk with free space: name another place (--output)';
    expect(explainSystemError(errorOf(() => new Sqlite(join(folder, 'x.db'))))).toMatch(
      /^got .*unable to open database file.* \(SQLite\), want a folder/,
    );
    expect(explainSystemError(errorOf(() => WriterLock.tryAcquire(folder)))).toMatch(
      new RegExp(`^${folder}: got .* \\(SQLite\\), ${want.replaceAll(/[()]/g, '\\$&')}$`),
    );
  });

  it('leaves errors of ours alone', () => {
    expect(explainSystemError(new TypeError('undefined is not a function'))).toBeUndefined();
    expect(explainSystemError('text')).toBeUndefined();
  });
});
