import type { SweepState } from '@l2bn/core/sweep';
import { articleFindings, formatFindings } from '../../report/findings.ts';
import { fittedResultTable } from '../../report/result-table.ts';
import { wrapped } from '../../report/wrapped.ts';
import { columnsLeftOut } from './columns-left-out.ts';

export interface ResultTexts {
  /** A line a cell, and a word on columns that there was no room for. */
  table: string;
  /** The article's findings; empty of other sweeps. */
  findings: string;
}

/**
 * What a sweep came to, as text.
 *
 * @param width Of the terminal, in characters; infinite for all columns.
 * @param wideCommand Shows all columns.
 */
export function resultTexts(state: SweepState, width: number, wideCommand: string): ResultTexts {
  const { text, leftOut } = fittedResultTable(state, width);
  const table = `${text}${columnsLeftOut(leftOut, wideCommand)}`;
  return { table, findings: wrapped(formatFindings(articleFindings(state)), width) };
}
