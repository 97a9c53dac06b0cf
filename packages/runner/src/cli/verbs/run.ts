import { type Command, Option } from 'commander';
import { runCommand } from '../run/run-command.ts';
import { failureLimit, type RunOptions } from '../run/run-options.ts';
import { chosenSweep } from '../target/sweep-target.ts';
import { DASHED_KEYS } from './dashed-keys.ts';
import { examples, exitingWith, OVERRIDES_ARGUMENT } from './verb.ts';
import { wholeNumber } from './whole-number.ts';

export function registerRun(program: Command): void {
  program
    .command('run')
    .configureOutput(DASHED_KEYS)
    .description(
      'Trains what a sweep file asks for and is not done yet, with the live page. The same command goes on after a stop; alone, it goes on with the sweep that is not finished.',
    )
    .argument(
      '[sweep]',
      'sweep file (.yaml, .json, .ts), folder of results, or name of a sweep below ./sweeps (default: the one that is not finished)',
    )
    .argument(...OVERRIDES_ARGUMENT)
    .option('-o, --output <folder>', 'folder of results (default: sweeps/<name>)')
    .option(
      '-w, --workers <n>',
      'trials at the same time (default: by cores and memory)',
      wholeNumber('--workers', { least: 1, example: '--workers 2' }),
    )
    .option(
      '-p, --port <n>',
      'port of the page (default: 4173, or a free one)',
      wholeNumber('--port', { least: 0, most: 65_535, example: '--port 8080' }),
    )
    .option('--no-page', 'no page')
    .option('--allow-control', 'let the server take pause, stop, cancel, retry and workers (POST /api/control)', false)
    .option('--json', 'events as JSON lines on stdout instead of progress', false)
    .option('--fresh', 'set old results of this sweep aside and start anew', false)
    .addOption(
      new Option('--on-failure <policy>', 'when a trial has failed: continue, stop, or stop-after=N of them')
        .argParser(failureLimit)
        .default(Number.POSITIVE_INFINITY, 'continue'),
    )
    .option('--keep', 'keep the page up after the end (default on a terminal)')
    .option('--no-keep', 'end when the sweep ends')
    .addHelpText(
      'after',
      examples(
        'l2bn run sweep.yaml',
        'l2bn run sweep.yaml l2=0,1e-4 batchNorm=true data.imageSize=48 name=closer',
        'l2bn run my-sweep seeds=5   # go on with sweeps/my-sweep, with more seeds',
        'l2bn run                    # go on with the sweep that is not finished',
      ),
    )
    .action(
      exitingWith((sweep: string | undefined, overrides: string[], options: Omit<RunOptions, 'overrides'>) => {
        const target = chosenSweep(sweep, overrides);
        // A folder given by option wins: the same sweep, run again elsewhere.
        return runCommand(target.file, {
          ...(target.output === undefined ? {} : { output: target.output }),
          ...options,
          overrides: target.overrides,
        });
      }),
    );
}
