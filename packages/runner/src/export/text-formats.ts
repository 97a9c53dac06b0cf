import type { Rows, Value } from './rows.ts';

/** Lines of comma-separated values by RFC 4180, the names first; an empty field is a missing value. */
export function* csvLines({ columns, rows }: Rows): Generator<string> {
  yield csvLine(columns.map(({ name }) => name));
  for (const row of rows) yield csvLine(row);
}

/** One JSON object a row. */
export function* jsonLines({ columns, rows }: Rows): Generator<string> {
  for (const row of rows) yield JSON.stringify(Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
}

const csvLine = (values: readonly Value[]): string => values.map(csvField).join(',');

function csvField(value: Value): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
