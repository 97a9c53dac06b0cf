import type { SweepState } from '@l2bn/core/sweep';
import type { Command } from 'commander';
import { readLedger } from '../../ledger/read-ledger.ts';
import { articleFindings, formatFindings } from '../../report/findings.ts';
import { resultTable } from '../../report/result-table.ts';
import { EXIT } from '../exit-codes.ts';
import { chosenFolder } from '../target/sweep-folder.ts';
import { examples, exitingWith, FOLDER_ARGUMENT } from './verb.ts';

export function registerTable(program: Command): void {
  program
    .command('table')
    .description('the results of a sweep, also while it runs: one line a cell')
    .argument(...FOLDER_ARGUMENT)
    .option('--json', 'one JSON object a trial: cell, seed, state, attempts, final metrics, error', false)
    .addHelpText('after', examples('l2bn table', "l2bn table article --json | jq 'select(.cell.batchNorm)'"))
    .action(exitingWith((folder: string | undefined, options: { json: boolean }) => table(folder, options)));
}

/** What a sweep came to, also while it runs. */
function table(named: string | undefined, { json }: { json: boolean }): number {
  const { state } = readLedger(chosenFolder(named));
  if (json) {
    for (const row of trialRows(state)) process.stdout.write(`${JSON.stringify(row)}\n`);
    return EXIT.ok;
  }
  const findings = articleFindings(state);
  process.stdout.write(`${resultTable(state)}\n${findings.length === 0 ? '' : `\n${formatFindings(findings)}\n`}`);
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
