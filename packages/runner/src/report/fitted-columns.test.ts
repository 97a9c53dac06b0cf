import { describe, expect, it } from 'vitest';
import { fittedColumns, type RankedColumn } from './fitted-columns.ts';
import { textTable } from './text-table.ts';

type Row = Record<'name' | 'first' | 'pair' | 'other' | 'last', string>;
const column = (title: keyof Row, rank: number): RankedColumn<Row> => ({
  title,
  rank,
  align: 'left',
  text: (row) => row[title],
});
const COLUMNS = [column('name', 0), column('last', 3), column('pair', 2), column('other', 2), column('first', 1)];
const ROWS: Row[] = [
  { name: 'BN · λ=0 · learningRate=0.1', last: 'x', pair: 'pppp', other: 'ooooo', first: '12345' },
  { name: 'BN · λ=0 · learningRate=0.2', last: 'x', pair: 'pppp', other: 'ooooo', first: '12345' },
];
const NAME = 27;

function titles(width: number): string[] {
  const kept = fittedColumns(COLUMNS, ROWS, width);
  const widest = Math.max(
    ...textTable(kept, ROWS)
      .split('\n')
      .map((line) => line.length),
  );
  expect(widest).toBeLessThanOrEqual(width);
  return kept.map(({ title }) => title);
}

describe('fittedColumns', () => {
  it('keeps all where there is room, in their order', () => {
    const all = ['name', 'last', 'pair', 'other', 'first'];
    expect(titles(NAME + 7 + 6 + 7 + 6)).toEqual(all);
    expect(titles(Number.POSITIVE_INFINITY)).toEqual(all);
  });

  it('keeps the most worthy, and what there is room for beside them; a pair only together', () => {
    expect(titles(NAME + 7 + 6 + 7 + 5)).toEqual(['name', 'pair', 'other', 'first']);
    expect(titles(NAME + 7 + 6 + 7 - 1)).toEqual(['name', 'last', 'first']);
    expect(titles(NAME + 7)).toEqual(['name', 'first']);
  });

  it('leaves out the middle of names that are too long', () => {
    expect(titles(NAME + 3)).toEqual(['name', 'first']);
    const [name] = fittedColumns(COLUMNS, ROWS, NAME + 3);
    expect(ROWS.map((row) => name!.text(row))).toEqual(['BN · λ=0 · …ingRate=0.1', 'BN · λ=0 · …ingRate=0.2']);
  });
});
