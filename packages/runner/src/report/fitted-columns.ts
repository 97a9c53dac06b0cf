import { type Column, columnWidths, GAP } from './text-table.ts';

/** A column that may be left out where there is no room for all. */
export interface RankedColumn<Row> extends Column<Row> {
  /** Columns with a smaller rank are kept rather; those of the same one stay or go together. */
  rank: number;
}

/** Least width that a shortened first column has. */
const LEAST = 12;

/**
 * The columns that fit side by side into a width, in their order: those of the smallest ranks, and of the others what there
 * is still room for. The first one is always there, shortened if nothing else helps.
 *
 * @param width In characters; infinite where there is no end of a line.
 */
export function fittedColumns<Row>(columns: RankedColumn<Row>[], rows: Row[], width: number): RankedColumn<Row>[] {
  const [first, ...others] = columns;
  if (first === undefined) return [];
  const widths = new Map(columnWidths(columns, rows).map((size, i) => [columns[i]!, size]));
  const ranks = [...new Set(others.map(({ rank }) => rank))].sort((a, b) => a - b);
  const of = (rank: number) => others.filter((column) => column.rank === rank);
  const sizeOf = (group: RankedColumn<Row>[]) =>
    group.reduce((sum, column) => sum + widths.get(column)! + GAP.length, 0);
  // The most worthy one beside the first is worth a shorter name.
  const next = ranks[0] === undefined ? 0 : sizeOf(of(ranks[0]));
  const room = Math.max(LEAST, width - next);
  let left = width - Math.min(widths.get(first)!, room);
  const kept = new Set(
    ranks.filter((rank) => {
      const size = sizeOf(of(rank));
      if (size > left) return false;
      left -= size;
      return true;
    }),
  );
  const head = { ...first, text: (row: Row) => shortened(first.text(row), room) };
  return [head, ...others.filter(({ rank }) => kept.has(rank))];
}

/** The middle is left out: names that differ do so at either end. */
function shortened(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}
