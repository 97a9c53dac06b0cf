#!/usr/bin/env node
import { InputError } from '@l2bn/core/sweep';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { LedgerInUseError } from '../ledger/ledger.ts';
import { EXIT } from './exit-codes.ts';
import { planCommand } from './plan-command.ts';
import { type RunOptions, runCommand } from './run-command.ts';
import { tableCommand } from './table-command.ts';
import { version } from './version.ts';

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError(`got ${text}, want a whole number.`);
  return value;
};

const program = new Command('l2bn')
  .description('Sweeps L2 strength against Batch Normalization and shows what happens inside the weights.')
  .version(version)
  .option('--no-color', 'no colours (also: NO_COLOR)')
  .showHelpAfterError('(l2bn --help lists the commands)')
  .exitOverride();

program
  .command('run')
  .description('train what a sweep file asks for and is not done yet, with the live page')
  .argument('<sweep>', 'sweep file: .yaml, .json or .ts')
  .option('-o, --output <folder>', 'folder of results (default: sweeps/<name>)')
  .option('-w, --workers <n>', 'worker threads (default: by cores and memory)', whole)
  .option('-p, --port <n>', 'port of the page (default: 4173, or a free one)', whole)
  .option('--no-page', 'no page')
  .option('--json', 'events as JSON lines on stdout instead of progress', false)
  .option('--fresh', 'set old results of this sweep aside and start anew', false)
  .option('--keep', 'keep the page up after the end (default on a terminal)')
  .option('--no-keep', 'end when the sweep ends')
  .addHelpText('after', '\nExample:\n  $ l2bn run examples/article.yaml --workers 2')
  .action(async (file: string, options: RunOptions) => finish(await runCommand(file, options)));

program
  .command('plan')
  .description('show what a sweep file would run, and run nothing')
  .argument('<sweep>', 'sweep file: .yaml, .json or .ts')
  .option('--json', 'the plan as JSON', false)
  .action(async (file: string, options: { json: boolean }) => finish(await planCommand(file, options)));

program
  .command('table')
  .description('show the results of a sweep')
  .argument('<folder>', 'folder of results, such as sweeps/article')
  .option('--json', 'one JSON object a trial', false)
  .action((folder: string, options: { json: boolean }) => finish(tableCommand(folder, options)));

function finish(code: number): void {
  process.exitCode = code;
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    finish(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  } else if (error instanceof InputError) {
    process.stderr.write(`${error.message}\n`);
    finish(EXIT.usage);
  } else if (error instanceof LedgerInUseError) {
    process.stderr.write(`l2bn: ${error.message}; its page can be watched, or wait until it ends\n`);
    finish(EXIT.environment);
  } else {
    throw error;
  }
}
