import { resolve } from 'node:path';
import { readLedger } from '../ledger/read-ledger.ts';
import { articleFindings, formatFindings } from '../report/findings.ts';
import { resultTable } from '../report/result-table.ts';
import { EXIT } from './exit-codes.ts';

/** `l2bn table`: what a sweep came to, also while it runs. */
export function tableCommand(folder: string, { json }: { json: boolean }): number {
  const { state } = readLedger(resolve(folder));
  if (!json) {
    const findings = articleFindings(state);
    process.stdout.write(`${resultTable(state)}\n${findings.length === 0 ? '' : `\n${formatFindings(findings)}\n`}`);
    return EXIT.ok;
  }
  const cells = new Map(state.plan.cells.map((cell) => [cell.id, cell]));
  for (const { id, cell, seed, status, attempt, step, epochs, weightsHash } of state.trials) {
    const { train, validation, weights } = epochs.at(-1) ?? { train: null, validation: null, weights: null };
    const values = cells.get(cell)?.values;
    const row = {
      trial: id,
      cell: values,
      seed,
      state: status,
      attempts: attempt,
      step,
      train,
      validation,
      weights,
      weightsHash,
    };
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }
  return EXIT.ok;
}
