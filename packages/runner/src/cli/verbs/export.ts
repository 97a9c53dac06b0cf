import { dirname } from 'node:path';
import { InputError, type SweepState } from '@l2bn/core/sweep';
import type { Command } from 'commander';
import { writeOptunaStudy } from '../../export/optuna/write-study.ts';
import { writeParquet } from '../../export/parquet.ts';
import { ROW_KINDS, type RowKind, rowsOf } from '../../export/rows.ts';
import { csvLines, jsonLines } from '../../export/text-formats.ts';
import { writeLines, writeLinesTo } from '../../export/write-lines.ts';
import { readLedger } from '../../ledger/read-ledger.ts';
import { EXIT } from '../exit-codes.ts';
import { noteMixedModels } from '../output/mixed-models.ts';
import { sweepInputs } from '../run/set-aside.ts';
import {
  checkInputs,
  type ExportWords,
  exportFormat,
  exportTarget,
  FORMATS,
  type Format,
} from '../target/export-target.ts';
import { chosenFolder, shownFolder } from '../target/sweep-folder.ts';
import { readSource } from '../target/sweep-source.ts';
import { optionOf } from './one-of.ts';
import { examples, exitingWith, FOLDER_ARGUMENT } from './verb.ts';

interface ExportOptions extends ExportWords {
  what?: RowKind;
  force: boolean;
}

export function registerExport(program: Command): void {
  program
    .command('export')
    .description('write the results of a sweep for other tools')
    .argument(...FOLDER_ARGUMENT)
    .addOption(
      optionOf('-f, --format <format>', 'what to write (default: by the ending of the file, else csv)', FORMATS),
    )
    .option('--json', 'the same as --format jsonl, and with no other one', false)
    .addOption(optionOf('--what <rows>', 'one row a …, for csv, jsonl and parquet (default: trials)', ROW_KINDS))
    .option('-o, --output <file>', 'file to write (default: stdout, except for parquet and optuna)')
    .option('--force', 'replace a file that is there; never a part of any results, nor an Optuna storage', false)
    .addHelpText(
      'after',
      examples(
        'l2bn export article --what epochs -o epochs.csv',
        'l2bn export article --what steps -o steps.parquet   # pandas.read_parquet',
        "l2bn export --format jsonl | jq 'select(.batchNorm)'",
        'l2bn export article -o article.db   # optuna-dashboard sqlite:///article.db',
      ),
    )
    .action(exitingWith(exportSweep));
}

async function exportSweep(named: string | undefined, options: ExportOptions): Promise<number> {
  const { output, what, force } = options;
  const format = exportFormat(options);
  if (format === 'optuna' && what !== undefined) {
    throw new InputError({
      path: '--what',
      got: what,
      want: 'it for csv, jsonl and parquet only: a study holds everything',
    });
  }
  if (output === undefined || output === '-') {
    if (format !== 'csv' && format !== 'jsonl') throw noFile(format, what);
    const folder = chosenFolder(named);
    const { state } = readLedger(folder);
    await writeLines(linesOf(state, format, what), process.stdout);
    noteMixedModels(folder, state);
    return EXIT.ok;
  }
  const file = exportTarget(output, format, force);
  const folder = chosenFolder(named);
  const { state } = readLedger(folder);
  const source = readSource(folder);
  if (source !== undefined) checkInputs(output, file, sweepInputs(source.file, state.plan, dirname(source.file)));
  if (format === 'optuna') writeOptunaStudy(state, file);
  else if (format === 'parquet') writeParquet(file, rowsOf(state, what ?? 'trials'));
  else await writeLinesTo(file, linesOf(state, format, what));
  process.stderr.write(`${shownFolder(folder)} → ${output}\n`);
  noteMixedModels(folder, state);
  return EXIT.ok;
}

function noFile(format: 'parquet' | 'optuna', what: RowKind = 'trials'): InputError {
  const want =
    format === 'optuna' ? 'a file for the Optuna storage, such as -o study.db' : `a file, such as -o ${what}.parquet`;
  return new InputError({ path: '--output', got: 'nothing', want });
}

function linesOf(state: SweepState, format: Format, what: RowKind = 'trials'): Iterable<string> {
  const rows = rowsOf(state, what);
  return format === 'csv' ? csvLines(rows) : jsonLines(rows);
}
