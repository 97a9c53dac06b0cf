import { formatNumber, type SweepState } from '@l2bn/core/sweep';
import { type CellSummary, summarizeCells } from './cell-summary.ts';
import { fixedNumber } from './fixed-number.ts';
import { type Column, textTable } from './text-table.ts';
import { normRatio, verdict } from './verdict.ts';

const fixed = (value: number, places: number): string => (Number.isFinite(value) ? fixedNumber(value, places) : '–');

/** One line a cell. The two right numbers to compare are `‖w‖ ratio` and `(1−2ηλ)^T`: equal means nothing but decay. */
export function resultTable(state: SweepState): string {
  const summaries = summarizeCells(state);
  const layer = summaries.find(({ n }) => n > 0)?.weights.layer ?? 'first layer';
  const columns: Column<CellSummary>[] = [
    { title: 'cell', align: 'left', text: ({ label }) => label },
    { title: 'n', align: 'right', text: ({ n }) => String(n) },
    { title: 'val acc', align: 'right', text: ({ validation }) => fixed(validation.accuracy, 3) },
    { title: 'best', align: 'right', text: ({ bestAccuracy }) => fixed(bestAccuracy, 3) },
    { title: 'val ce', align: 'right', text: ({ validation }) => fixed(validation.crossEntropy, 4) },
    { title: 'penalty', align: 'right', text: ({ validation }) => fixed(validation.penalty, 4) },
    { title: `‖${layer}‖ start`, align: 'right', text: ({ weights }) => fixed(weights.startNorm, 4) },
    { title: 'end', align: 'right', text: ({ weights }) => fixed(weights.endNorm, 4) },
    { title: 'ratio', align: 'right', text: (summary) => fixed(normRatio(summary), 6) },
    { title: '(1−2ηλ)^T', align: 'right', text: ({ weights }) => fixed(weights.pureDecay, 6) },
    {
      title: 'mean |first ten|',
      align: 'right',
      text: ({ weights }) => (Number.isFinite(weights.meanAbsolute) ? formatNumber(weights.meanAbsolute) : '–'),
    },
    { title: '', align: 'left', text: verdict },
  ];
  return textTable(columns, summaries);
}
