import { type Command, InvalidArgumentError, Option } from 'commander';
import { failureLimit, type RunOptions, runCommand } from './run-command.ts';
import { findRunTarget } from './run-target.ts';
import { shownFolder } from './sweep-folder.ts';
import { examples, exitingWith, OVERRIDES_ARGUMENT } from './verb.ts';

export function registerRun(program: Command): void {
  program
    .command('run')
    .description('train what a sweep file asks for and is not done yet, with the live page; alone, go on')
    .argument(
      '[sweep]',
      'sweep file, or folder of results to go on with (default: the unfinished sweep below ./sweeps)',
    )
    .argument(...OVERRIDES_ARGUMENT)
    .option('-o, --output <folder>', 'folder of results (default: sweeps/<name>)')
    .option('-w, --workers <n>', 'worker threads (default: by cores and memory)', atLeastOne)
    .option('-p, --port <n>', 'port of the page (default: 4173, or a free one)', whole)
    .option('--no-page', 'no page')
    .option('--allow-control', 'let the server take pause, stop, cancel, retry and workers (POST /api/control)', false)
    .option('--json', 'events as JSON lines on stdout instead of progress', false)
    .option('--fresh', 'set old results of this sweep aside and start anew', false)
    .addOption(
      new Option('--on-failure <policy>', 'continue, stop, or stop-after=N failed trials')
        .argParser(failureLimit)
        .default(Number.POSITIVE_INFINITY, 'continue'),
    )
    .option('--keep', 'keep the page up after the end (default on a terminal)')
    .option('--no-keep', 'end when the sweep ends')
    .addHelpText(
      'after',
      examples(
        'l2bn run examples/article.yaml --workers 2',
        'l2bn run sweep.yaml l2=0,1e-4 batchNorm=true data.imageSize=48 name=closer',
        'l2bn run',
      ),
    )
    .action(
      exitingWith((sweep: string | undefined, overrides: string[], options: Omit<RunOptions, 'overrides'>) => {
        const target = findRunTarget(sweep === undefined ? [] : [sweep, ...overrides], process.cwd());
        if (target.reason !== undefined) {
          process.stderr.write(`${shownFolder(target.output ?? target.file)} (${target.reason})\n`);
        }
        // A folder given by option wins: the same sweep, run again elsewhere.
        return runCommand(target.file, {
          ...(target.output === undefined ? {} : { output: target.output }),
          ...options,
          overrides: target.overrides,
        });
      }),
    );
}

function atLeastOne(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError(`got ${text}, want a whole number ≥ 1.`);
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError(`got ${text}, want a whole number.`);
  return value;
}
