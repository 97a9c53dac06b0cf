import { cellLabel, formatNumber, formatStrength } from '@l2bn/core/sweep';
import { decayFactor } from '@l2bn/core/theory';
import { loadSweep } from '../plan/build-plan.ts';
import { textTable } from '../report/text-table.ts';
import { EXIT } from './exit-codes.ts';

/** `l2bn plan`: the cells of a sweep file, with the factor that λ puts on a weight each step. Runs nothing. */
export async function planCommand(file: string, { json }: { json: boolean }): Promise<number> {
  const { plan } = await loadSweep(file);
  if (json) {
    process.stdout.write(`${JSON.stringify(plan)}\n`);
    return EXIT.ok;
  }
  const table = textTable(
    [
      { title: 'cell', align: 'left', text: (cell) => cellLabel(plan, cell) },
      { title: 'λ (l2)', align: 'right', text: ({ config }) => formatStrength(config.l2) },
      {
        title: '1−2ηλ',
        align: 'right',
        text: ({ config }) => String(Number(decayFactor(config.learningRate, config.l2).toPrecision(8))),
      },
      { title: 'model', align: 'left', text: ({ config }) => `${config.model} α=${formatNumber(config.alpha)}` },
      { title: 'epochs', align: 'right', text: ({ config }) => String(config.epochs) },
      { title: 'id', align: 'left', text: ({ id }) => id },
    ],
    plan.cells,
  );
  const seeds = plan.seeds.join(', ');
  process.stdout.write(`${table}\n\n${plan.cells.length} cells × seeds ${seeds} = ${plan.trials.length} trials\n`);
  return EXIT.ok;
}
