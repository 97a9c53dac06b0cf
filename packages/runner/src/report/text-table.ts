export interface Column<Row> {
  title: string;
  align: 'left' | 'right';
  text: (row: Row) => string;
}

/** Between two columns. */
export const GAP = '  ';

/** Rows as aligned text; the title line is underlined. */
export function textTable<Row>(columns: Column<Row>[], rows: Row[]): string {
  const widths = columnWidths(columns, rows);
  const line = (texts: string[]): string =>
    texts
      .map((text, i) => (columns[i]!.align === 'left' ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
      .join(GAP)
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    widths.map((width) => '─'.repeat(width)).join(GAP),
    ...rows.map((row) => line(columns.map(({ text }) => text(row)))),
  ].join('\n');
}

/** In characters, without the gaps. */
export const columnWidths = <Row>(columns: Column<Row>[], rows: Row[]): number[] =>
  columns.map(({ title, text }) => rows.reduce((width, row) => Math.max(width, text(row).length), title.length));
