import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { makeFolder } from './make-folder.ts';

describe('makeFolder', () => {
  it('makes what is missing on the way and takes what is there', () => {
    const folder = join(temporaryFolder(), 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });

  it('does not take a file for a folder', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(file)).toThrow('EEXIST');
    expect(() => makeFolder(join(file, 'below'))).toThrow('ENOTDIR');
  });

  it.runIf(process.platform === 'linux')('ends where no folder can be made', () => {
    expect(() => makeFolder('/proc/l2bn/sweep')).toThrow('ENOENT');
  });
});
