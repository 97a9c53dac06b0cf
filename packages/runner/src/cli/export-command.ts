import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError, type SweepState } from '@l2bn/core/sweep';
import { type Command, Option } from 'commander';
import { writeOptunaStudy } from '../export/optuna/write-study.ts';
import { writeParquet } from '../export/parquet.ts';
import { ROW_KINDS, type RowKind, rowsOf } from '../export/rows.ts';
import { csvLines, jsonLines } from '../export/text-formats.ts';
import { writeLines, writeLinesTo } from '../export/write-lines.ts';
import { readLedger } from '../ledger/read-ledger.ts';
import { EXIT } from './exit-codes.ts';
import { chosenFolder, shownFolder } from './sweep-folder.ts';
import { examples, exitingWith, FOLDER_ARGUMENT } from './verb.ts';

const FORMATS = ['csv', 'jsonl', 'parquet', 'optuna'] as const;

interface ExportOptions {
  format: (typeof FORMATS)[number];
  output?: string;
  what?: RowKind;
}

export function registerExport(program: Command): void {
  program
    .command('export')
    .description('write the results of a sweep for other tools')
    .argument(...FOLDER_ARGUMENT)
    .addOption(new Option('-f, --format <format>', 'what to write').choices(FORMATS).default('csv'))
    .addOption(new Option('--json', 'the same as --format jsonl').implies({ format: 'jsonl' }))
    .addOption(
      new Option('--what <rows>', 'one row a …, for csv, jsonl and parquet (default: trials)').choices(ROW_KINDS),
    )
    .option('-o, --output <file>', 'file to write (default: stdout, except for parquet and optuna)')
    .addHelpText(
      'after',
      examples(
        'l2bn export article --format csv --what epochs -o epochs.csv',
        'l2bn export article --format parquet --what steps -o steps.parquet   # pandas.read_parquet',
        "l2bn export --format jsonl | jq 'select(.batchNorm)'",
        'l2bn export article --format optuna -o article.db   # optuna-dashboard sqlite:///article.db',
      ),
    )
    .action(exitingWith(exportSweep));
}

async function exportSweep(named: string | undefined, { format, output, what }: ExportOptions): Promise<number> {
  if (format === 'optuna' && what !== undefined) {
    throw new InputError({
      path: '--what',
      got: what,
      want: 'it for csv, jsonl and parquet only: a study holds everything',
    });
  }
  const isBinary = format === 'optuna' || format === 'parquet';
  if (isBinary && (output === undefined || output === '-')) {
    const want =
      format === 'optuna' ? 'a file for the Optuna storage, such as -o study.db' : 'a file, such as -o trials.parquet';
    throw new InputError({ path: '--output', got: 'nothing', want });
  }
  if (output !== undefined && output !== '-') checkPlace(output);
  const folder = chosenFolder(named);
  const { state } = readLedger(folder);
  if (output === undefined || output === '-') {
    await writeLines(linesOf(state, format, what), process.stdout);
    return EXIT.ok;
  }
  const file = resolve(output);
  if (format === 'optuna') writeOptunaStudy(state, file);
  else if (format === 'parquet') writeParquet(file, rowsOf(state, what ?? 'trials'));
  else await writeLinesTo(file, linesOf(state, format, what));
  process.stderr.write(`${shownFolder(folder)} → ${output}\n`);
  return EXIT.ok;
}

/** Before anything is read; writers put a temporary file there, whose name would tell nobody anything. */
function checkPlace(output: string): void {
  const folder = dirname(output);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const got = existsSync(folder) ? `a file ${folder}` : `no folder ${folder}`;
  throw new InputError({ file: output, got, want: `a folder that is there: mkdir -p ${folder}` });
}

function linesOf(state: SweepState, format: ExportOptions['format'], what: RowKind = 'trials'): Iterable<string> {
  const rows = rowsOf(state, what);
  return format === 'csv' ? csvLines(rows) : jsonLines(rows);
}
