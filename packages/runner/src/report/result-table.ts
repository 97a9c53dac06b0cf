import { formatNumber, type SweepState } from '@l2bn/core/sweep';
import { type CellSummary, summarizeCells } from './cell-summary.ts';
import { fittedColumns, type RankedColumn } from './fitted-columns.ts';
import { fixedNumber } from './fixed-number.ts';
import { textTable } from './text-table.ts';
import { normRatio, verdict } from './verdict.ts';

const fixed = (value: number, places: number): string => (Number.isFinite(value) ? fixedNumber(value, places) : '–');

export interface FittedTable {
  text: string;
  /** Columns for which the width had no room. */
  leftOut: number;
}

/** One line a cell. The two right numbers to compare are `‖w‖ ratio` and `(1−2ηλ)^T`: equal means nothing but decay. */
export const resultTable = (state: SweepState): string => fittedResultTable(state, Number.POSITIVE_INFINITY).text;

/** The same with as many columns as a width has room for, the least worthy left out. */
export function fittedResultTable(state: SweepState, width: number): FittedTable {
  const summaries = summarizeCells(state);
  const columns = columnsOf(summaries, 'ratio');
  const fitted = fittedColumns(columns, summaries, width);
  const hasNorms = fitted.some(({ rank }) => rank === RANK.norms);
  // Without the norms beside it, the ratio has to say of what it is one.
  const kept = hasNorms ? fitted : fittedColumns(columnsOf(summaries, '‖w‖ ratio'), summaries, width);
  return { text: textTable(kept, summaries), leftOut: columns.length - kept.length };
}

/** What is kept rather, where there is no room for all. */
const RANK = { name: 0, accuracy: 1, verdict: 2, decay: 3, n: 4, loss: 5, penalty: 6, best: 7, norms: 8, printed: 9 };

function columnsOf(summaries: CellSummary[], ratioTitle: string): RankedColumn<CellSummary>[] {
  const layer = summaries.find(({ n }) => n > 0)?.weights.layer ?? 'first layer';
  const number = (rank: number, title: string, text: (summary: CellSummary) => string) =>
    ({ rank, title, align: 'right', text }) as const;
  return [
    { rank: RANK.name, title: 'cell', align: 'left', text: ({ label }) => label },
    number(RANK.n, 'n', ({ n }) => String(n)),
    number(RANK.accuracy, 'val acc', ({ validation }) => fixed(validation.accuracy, 3)),
    number(RANK.best, 'best', ({ bestAccuracy }) => fixed(bestAccuracy, 3)),
    number(RANK.loss, 'val ce', ({ validation }) => fixed(validation.crossEntropy, 4)),
    number(RANK.penalty, 'penalty', ({ validation }) => fixed(validation.penalty, 4)),
    number(RANK.norms, `‖${layer}‖ start`, ({ weights }) => fixed(weights.startNorm, 4)),
    number(RANK.norms, 'end', ({ weights }) => fixed(weights.endNorm, 4)),
    number(RANK.decay, ratioTitle, (summary) => fixed(normRatio(summary), 6)),
    number(RANK.decay, '(1−2ηλ)^T', ({ weights }) => fixed(weights.pureDecay, 6)),
    number(RANK.printed, 'mean |first ten|', ({ weights: { meanAbsolute } }) =>
      Number.isFinite(meanAbsolute) ? formatNumber(meanAbsolute) : '–',
    ),
    { rank: RANK.verdict, title: '', align: 'left', text: verdict },
  ];
}
