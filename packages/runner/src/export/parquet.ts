import { renameSync, rmSync } from 'node:fs';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import type { ColumnType, Rows, Value } from './rows.ts';

const TYPES = {
  boolean: 'BOOLEAN',
  integer: 'INT32',
  number: 'DOUBLE',
  text: 'STRING',
  time: 'TIMESTAMP',
} as const satisfies Record<ColumnType, string>;

/**
 * Writes rows as an Apache Parquet file (Snappy), each column with its type, all of them nullable; the old file stays until the
 * new one is whole. Holds as many rows at a time as go into a row group.
 */
export function writeParquet(file: string, { columns, rows }: Rows): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    // Writes synchronously, so nothing has to be waited for.
    void parquetWriteRows({
      writer: fileWriter(temporary),
      columns: columns.map(({ name, type }) => ({ name, type: TYPES[type], nullable: true })),
      rows: (function* () {
        for (const row of rows) {
          yield Object.fromEntries(columns.map(({ name, type }, i) => [name, typed(row[i] ?? null, type)]));
        }
      })(),
      createdBy: 'l2bn',
    });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function typed(value: Value, type: ColumnType): Value | Date {
  if (value === null) return null;
  if (type === 'time') return new Date(String(value));
  return type === 'text' ? String(value) : value;
}
