import type { SweepState } from '@l2bn/core/sweep';
import type { Command } from 'commander';
import { readLedger } from '../../ledger/read-ledger.ts';
import { wideTableCommand } from '../advice/resume-command.ts';
import { EXIT } from '../exit-codes.ts';
import { mixedNotes, noteMixedModels } from '../output/mixed-models.ts';
import { resultTexts } from '../output/result-text.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { chosenFolder } from '../target/sweep-folder.ts';
import { examples, exitingWith, FOLDER_ARGUMENT } from './verb.ts';

export function registerTable(program: Command): void {
  program
    .command('table')
    .description('the results of a sweep, also while it runs: one line a cell')
    .argument(...FOLDER_ARGUMENT)
    .option('--json', 'one JSON object a trial: cell, seed, state, attempts, final metrics, error', false)
    .option('--wide', 'all columns, where the terminal has no room for them', false)
    .addHelpText('after', examples('l2bn table', "l2bn table article --json | jq 'select(.cell.batchNorm)'"))
    .action(exitingWith((folder: string | undefined, options: TableOptions) => table(folder, options)));
}

interface TableOptions {
  json: boolean;
  wide: boolean;
}

/** What a sweep came to, also while it runs. */
function table(named: string | undefined, { json, wide }: TableOptions): number {
  const folder = chosenFolder(named);
  const { state } = readLedger(folder);
  if (json) {
    for (const row of trialRows(state)) process.stdout.write(`${JSON.stringify(row)}\n`);
    noteMixedModels(folder, state);
    return EXIT.ok;
  }
  const width = wide ? Number.POSITIVE_INFINITY : terminalWidth(process.stdout);
  const { table, findings } = resultTexts(state, width, wideTableCommand(folder));
  const notes = mixedNotes(folder, state).map((note) => `\n${note}`);
  process.stdout.write([`${table}\n`, ...notes, ...(findings === '' ? [] : [`\n${findings}\n`])].join(''));
  return EXIT.ok;
}

function trialRows({ plan, trials }: SweepState): object[] {
  const cells = new Map(plan.cells.map((cell) => [cell.id, cell]));
  return trials.map(({ id, cell, seed, status, attempt, step, epochs, weightsHash, pruning, failure }) => {
    const { train, validation, weights } = epochs.at(-1) ?? { train: null, validation: null, weights: null };
    return {
      trial: id,
      cell: cells.get(cell)?.values,
      seed,
      state: status,
      attempts: attempt,
      step,
      train,
      validation,
      weights,
      weightsHash,
      pruning: status === 'pruned' ? pruning : null,
      error: failure?.error ?? null,
    };
  });
}
