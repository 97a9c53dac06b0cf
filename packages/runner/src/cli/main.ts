#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { registerDoctor } from './doctor-command.ts';
import { registerExport } from './export-command.ts';
import { registerInit } from './init-command.ts';
import { endQuietlyWhenUnread } from './pipes.ts';
import { registerPlan } from './plan-command.ts';
import { reportError } from './report-error.ts';
import { type RunOptions, runCommand } from './run-command.ts';
import { registerStatus } from './status-command.ts';
import { registerTable } from './table-command.ts';
import { registerValidate } from './validate-command.ts';
import { examples, exitingWith, OVERRIDES_ARGUMENT, SWEEP_ARGUMENT } from './verb.ts';
import { version } from './version.ts';
import { registerWatch } from './watch-command.ts';

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError(`got ${text}, want a whole number.`);
  return value;
};

let isTraining = false;
endQuietlyWhenUnread({ keepsRunning: () => isTraining });

const program = new Command('l2bn')
  .description('Sweeps L2 strength against Batch Normalization and shows what happens inside the weights.')
  .version(version)
  .option('--no-color', 'no colours (also: NO_COLOR)')
  .showHelpAfterError('(l2bn --help lists the commands)')
  .addHelpText(
    'after',
    examples('l2bn run examples/article.yaml', 'l2bn run sweep.yaml l2=0,1e-4 batchNorm=true epochs=3', 'l2bn status'),
  )
  .exitOverride();

program.commandsGroup('Train:');
program
  .command('run')
  .description('train what a sweep file asks for and is not done yet, with the live page')
  .argument(...SWEEP_ARGUMENT)
  .argument(...OVERRIDES_ARGUMENT)
  .option('-o, --output <folder>', 'folder of results (default: sweeps/<name>)')
  .option('-w, --workers <n>', 'worker threads (default: by cores and memory)', whole)
  .option('-p, --port <n>', 'port of the page (default: 4173, or a free one)', whole)
  .option('--no-page', 'no page')
  .option('--json', 'events as JSON lines on stdout instead of progress', false)
  .option('--fresh', 'set old results of this sweep aside and start anew', false)
  .option('--keep', 'keep the page up after the end (default on a terminal)')
  .option('--no-keep', 'end when the sweep ends')
  .addHelpText(
    'after',
    examples(
      'l2bn run examples/article.yaml --workers 2',
      'l2bn run sweep.yaml l2=0,1e-4 batchNorm=true data.imageSize=48 name=closer',
    ),
  )
  .action(
    exitingWith((file: string, overrides: string[], options: RunOptions) => {
      isTraining = true;
      return runCommand(file, { ...options, overrides });
    }),
  );

program.commandsGroup('Prepare:');
registerInit(program);
registerValidate(program);
registerPlan(program);
registerDoctor(program);

program.commandsGroup('Look:');
registerStatus(program);
registerWatch(program);
registerTable(program);
registerExport(program);

if (process.argv.length === 2) {
  program.outputHelp();
} else {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = reportError(error);
  }
}
