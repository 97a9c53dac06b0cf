import { type Cell, cellLabel, formatNumber, formatStrength, type SweepPlan } from '@l2bn/core/sweep';
import { pureDecayFactor } from '@l2bn/core/theory';
import { fittedColumns, type RankedColumn } from '../../report/fitted-columns.ts';
import { textTable } from '../../report/text-table.ts';
import { columnsLeftOut } from './columns-left-out.ts';

/**
 * The cells of a plan, with the factor that λ puts on a weight each step; – under an optimizer that does not make it one.
 *
 * @param width Of the terminal, in characters; infinite for all columns.
 */
export function cellTable(plan: SweepPlan, width: number): string {
  const columns: RankedColumn<Cell>[] = [
    { rank: 0, title: 'cell', align: 'left', text: (cell) => cellLabel(plan, cell) },
    { rank: 1, title: 'λ (l2)', align: 'right', text: ({ config }) => formatStrength(config.l2) },
    {
      rank: 2,
      title: '1−2ηλ',
      align: 'right',
      text: ({ config }) => {
        const factor = pureDecayFactor(config);
        return factor === null ? '–' : String(Number(factor.toPrecision(8)));
      },
    },
    { rank: 4, title: 'model', align: 'left', text: ({ config }) => `${config.model} α=${formatNumber(config.alpha)}` },
    { rank: 3, title: 'epochs', align: 'right', text: ({ config }) => String(config.epochs) },
    { rank: 5, title: 'id', align: 'left', text: ({ id }) => id },
  ];
  const kept = fittedColumns(columns, plan.cells, width);
  return `${textTable(kept, plan.cells)}${columnsLeftOut(columns.length - kept.length, 'the same with --wide')}`;
}
