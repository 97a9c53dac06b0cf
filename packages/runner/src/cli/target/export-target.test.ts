import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { checkInputs, exportFormat, exportTarget } from './export-target.ts';

function folderOf(...files: string[]): string {
  const root = realpathSync(temporaryFolder());
  for (const name of files) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), name);
  }
  return root;
}

describe('exportFormat', () => {
  it.each([
    [{}, 'csv'],
    [{ json: true }, 'jsonl'],
    [{ format: 'parquet', output: '-' }, 'parquet'],
    [{ output: 'a.csv' }, 'csv'],
    [{ output: 'a.NDJSON' }, 'jsonl'],
    [{ output: 'x.db/a.parquet' }, 'parquet'],
    [{ output: 'study.db' }, 'optuna'],
    [{ output: 'study.sqlite3', format: 'optuna' }, 'optuna'],
    [{ output: 'a.txt' }, 'csv'],
    [{ output: 'a.txt', json: true }, 'jsonl'],
    [{ output: 'a.json', json: true }, 'jsonl'],
    [{ format: 'jsonl', json: true }, 'jsonl'],
  ] as const)('of %j is %s', (words, format) => {
    expect(exportFormat({ json: false, ...words })).toBe(format);
  });

  it.each([
    [{ json: true, format: 'csv' }, '--json: got it beside --format csv, want one of them: --json is jsonl'],
    [
      { format: 'csv', output: 'a.parquet' },
      'a.parquet: got the ending .parquet, which is of parquet, beside --format csv',
    ],
    [{ json: true, output: 'a.csv' }, 'a.csv: got the ending .csv, which is of csv, beside --json'],
    [{ output: 'a.json' }, 'a.json: got the ending .json, want .jsonl, or --json'],
  ] as const)('refuses %j', (words, message) => {
    expect(() => exportFormat({ json: false, ...words })).toThrow(message);
  });
});

describe('exportTarget', () => {
  it('is a new file, or one that is there where that is said', () => {
    const root = folderOf('old.csv');
    expect(exportTarget(join(root, 'new.csv'), 'csv', false)).toBe(join(root, 'new.csv'));
    expect(() => exportTarget(join(root, 'old.csv'), 'csv', false)).toThrow(
      'old.csv: got a file that is there, want another name, or --force to replace it',
    );
    expect(exportTarget(join(root, 'old.csv'), 'csv', true)).toBe(join(root, 'old.csv'));
    symlinkSync(join(root, 'old.csv'), join(root, 'link.csv'));
    expect(() => exportTarget(join(root, 'link.csv'), 'csv', false)).toThrow('got a file that is there');
    expect(exportTarget(join(root, 'link.csv'), 'csv', true)).toBe(join(root, 'old.csv'));
    expect(() => exportTarget(join(root, 'old.csv'), 'optuna', true)).toThrow('want a new file for the Optuna storage');
  });

  it.each([
    'ledger.db',
    'ledger.db-wal',
    'plan.json',
    'control.json',
    'source.json',
    'sweep.log',
    'writer.lock',
    'checkpoints/a/weights.bin',
  ])('is never %s of a folder of results, whether it is there or not', (name) => {
    const root = folderOf('sweeps/a/ledger.db', 'sweeps/a/checkpoints/a/state.json', 'elsewhere/x');
    for (const force of [false, true]) {
      expect(() => exportTarget(join(root, 'sweeps/a', name), 'csv', force)).toThrow(
        'got a file of a folder of results',
      );
    }
    symlinkSync(join(root, 'sweeps/a/ledger.db'), join(root, 'link.db'));
    expect(() => exportTarget(join(root, 'link.db'), 'csv', true)).toThrow('got a file of a folder of results');
    expect(exportTarget(join(root, 'elsewhere', 'plan.json'), 'jsonl', false)).toBe(join(root, 'elsewhere/plan.json'));
    expect(exportTarget(join(root, 'sweeps/a/trials.csv'), 'csv', false)).toBe(join(root, 'sweeps/a/trials.csv'));
  });

  it.each(['arms.yaml', 'net.mjs', 'sweep.ts'])('is never %s that is there', (name) => {
    const root = folderOf(name);
    expect(() => exportTarget(join(root, name), 'csv', true)).toThrow('by its ending a sweep file or a module');
    expect(readFileSync(join(root, name), 'utf8')).toBe(name);
  });

  it('is no folder, no device, and not below what is none', () => {
    const root = folderOf('file');
    expect(() => exportTarget(root, 'csv', true)).toThrow('got a folder, want a file to write');
    expect(() => exportTarget('/dev/null', 'csv', true)).toThrow('got something that is no file');
    expect(() => exportTarget(join(root, 'file/x.csv'), 'csv', true)).toThrow('want a folder that is there');
  });
});

describe('checkInputs', () => {
  it('refuses the data of the sweep and what lies in it', () => {
    const root = folderOf('data/labels.csv', 'out.csv');
    const inputs = [{ what: 'the data', path: join(root, 'data') }];
    expect(() => checkInputs('labels.csv', join(root, 'data/labels.csv'), inputs)).toThrow(
      'labels.csv: got the data of this sweep, want another name',
    );
    expect(() => checkInputs('out.csv', join(root, 'out.csv'), inputs)).not.toThrow();
  });
});
