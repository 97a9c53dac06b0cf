import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { findSweepFolder, namesBelow } from './sweep-folder.ts';

/** A folder with the given files, each with the time in s when it was written; those of `empty` hold nothing. */
function folderOf(files: Record<string, number>, empty: string[] = []): string {
  const root = temporaryFolder();
  for (const [name, time] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), empty.includes(name) ? '' : 'content');
    utimesSync(join(root, name), time, time);
  }
  return root;
}

describe('findSweepFolder', () => {
  it('takes the folder that is named, by path or by the name of a sweep', () => {
    const root = folderOf({ 'results/ledger.db': 1, 'sweeps/a/ledger.db': 1, 'sweeps/b/ledger.db': 2 });
    expect(findSweepFolder('results', root)).toEqual({ folder: join(root, 'results') });
    expect(findSweepFolder('sweeps/a', root)).toEqual({ folder: join(root, 'sweeps/a') });
    expect(findSweepFolder('a', root)).toEqual({ folder: join(root, 'sweeps/a') });
    expect(findSweepFolder('c', root)).toEqual({ folder: join(root, 'c') });
  });

  it('takes the only sweep, and says so', () => {
    const root = folderOf({ 'sweeps/a/ledger.db': 1, 'sweeps/notes.txt': 3, 'sweeps/empty/plan.json': 4 });
    expect(findSweepFolder(undefined, root)).toEqual({ folder: join(root, 'sweeps/a'), reason: 'the only sweep' });
  });

  it('takes the sweep written last of several: the log beside a ledger counts', () => {
    const root = folderOf({ 'sweeps/a/ledger.db': 1, 'sweeps/a/ledger.db-wal': 9, 'sweeps/b/ledger.db': 5 });
    expect(findSweepFolder(undefined, root)).toEqual({
      folder: join(root, 'sweeps/a'),
      reason: 'the newest of 2 sweeps',
    });
  });

  it('takes no sweep for the newest because somebody has looked at it', () => {
    const log = 'sweeps/a/ledger.db-wal';
    const root = folderOf({ 'sweeps/a/ledger.db': 1, [log]: 9, 'sweeps/b/ledger.db': 5 }, [log]);
    expect(findSweepFolder(undefined, root).folder).toBe(join(root, 'sweeps/b'));
  });

  it('takes what is set aside only by its name', () => {
    const old = 'a.2026-11-23T17-36-37';
    const root = folderOf({
      'sweeps/a/ledger.db': 1,
      [`sweeps/${old}/ledger.db`]: 9,
      [`sweeps/${old}-2/ledger.db`]: 8,
    });
    expect(findSweepFolder(undefined, root)).toEqual({ folder: join(root, 'sweeps/a'), reason: 'the only sweep' });
    expect(findSweepFolder(old, root)).toEqual({ folder: join(root, 'sweeps', old) });
    expect(namesBelow(join(root, 'sweeps'))).toEqual(['a']);
    rmSync(join(root, 'sweeps/a'), { recursive: true });
    const want = 'want results of l2bn run there, or a folder of results as an argument';
    expect(() => findSweepFolder(undefined, root)).toThrow(
      `sweeps: got no sweep but 2 set aside, the newest ${old}, ${want}`,
    );
    rmSync(join(root, 'sweeps', `${old}-2`), { recursive: true });
    expect(() => findSweepFolder(undefined, root)).toThrow(`sweeps: got no sweep but ${old}, set aside, ${want}`);
  });

  it('takes the working folder where that holds a sweep', () => {
    const root = folderOf({ 'ledger.db': 1, 'sweeps/a/ledger.db': 2 });
    expect(findSweepFolder(undefined, root)).toEqual({ folder: root, reason: 'the working folder' });
  });

  it('says what to do where there is none', () => {
    expect(() => findSweepFolder(undefined, folderOf({}))).toThrow(
      'sweeps: got no sweep, want results of l2bn run there, or a folder of results as an argument',
    );
  });
});
