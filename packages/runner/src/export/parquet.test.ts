import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { mixedSweep } from './fixtures/mixed-sweep.ts';
import { writeParquet } from './parquet.ts';
import { ROW_KINDS, rowsOf } from './rows.ts';

function bytesOf(file: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

describe('writeParquet', () => {
  it.each(ROW_KINDS)('holds the same values as the rows, by %s', async (kind) => {
    const file = join(temporaryFolder(), 'rows.parquet');
    const { columns, rows } = rowsOf(mixedSweep(), kind);
    writeParquet(file, rowsOf(mixedSweep(), kind));
    const read = await parquetReadObjects({ file: bytesOf(file) });
    const expected = [...rows].map((row) =>
      Object.fromEntries(
        columns.map(({ name, type }, i) => {
          const value = row[i] ?? null;
          return [name, type === 'time' && value !== null ? new Date(String(value)) : value];
        }),
      ),
    );
    expect(expected.length).toBeGreaterThan(1);
    expect(read.map((row) => ({ ...row }))).toEqual(expected);
  });

  it('keeps the type of a column without a value, so that exports of many sweeps fit together', () => {
    const file = join(temporaryFolder(), 'rows.parquet');
    writeParquet(file, {
      columns: [
        { name: 'error', type: 'text' },
        { name: 'epoch', type: 'integer' },
      ],
      rows: [[null, 1]],
    });
    const { schema } = parquetMetadata(bytesOf(file));
    expect(schema.slice(1).map(({ name, type, converted_type }) => [name, type, converted_type])).toEqual([
      ['error', 'BYTE_ARRAY', 'UTF8'],
      ['epoch', 'INT32', undefined],
    ]);
  });

  it('leaves the old file when it fails, and nothing else', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'rows.parquet');
    writeFileSync(file, 'old');
    const rows = (function* () {
      yield [1];
      throw new Error('torn');
    })();
    expect(() => writeParquet(file, { columns: [{ name: 'a', type: 'integer' }], rows })).toThrow('torn');
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['rows.parquet']);
  });

  it('writes a sweep of no rows as a file of no rows', async () => {
    const file = join(temporaryFolder(), 'rows.parquet');
    writeParquet(file, { columns: [{ name: 'a', type: 'number' }], rows: [] });
    expect(await parquetReadObjects({ file: bytesOf(file) })).toEqual([]);
  });
});
