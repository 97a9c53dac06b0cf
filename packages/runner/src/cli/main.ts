#!/usr/bin/env node
import { Command, Help } from 'commander';
import { reportError } from './errors/report-error.ts';
import { endQuietlyWhenUnread } from './output/pipes.ts';
import { examples, type Register } from './verbs/verb.ts';
import { exitCodesText, VERB_NOTES } from './verbs/verb-notes.ts';
import { version } from './version.ts';

/**
 * The commands in the order of the help. Only the one that is asked for is loaded: it starts at once, and `doctor` works
 * where SQLite does not.
 */
const COMMANDS: Record<string, Record<string, () => Promise<Register>>> = {
  'Prepare:': {
    init: async () => (await import('./verbs/init.ts')).registerInit,
    validate: async () => (await import('./verbs/validate.ts')).registerValidate,
    plan: async () => (await import('./verbs/plan.ts')).registerPlan,
    doctor: async () => (await import('./verbs/doctor.ts')).registerDoctor,
  },
  'Train:': {
    run: async () => (await import('./verbs/run.ts')).registerRun,
  },
  'Look:': {
    status: async () => (await import('./verbs/status.ts')).registerStatus,
    watch: async () => (await import('./verbs/watch.ts')).registerWatch,
    table: async () => (await import('./verbs/table.ts')).registerTable,
    export: async () => (await import('./verbs/export.ts')).registerExport,
  },
  'Steer:': {
    pause: async () => (await import('./verbs/steer.ts')).registerPause,
    resume: async () => (await import('./verbs/steer.ts')).registerResume,
    stop: async () => (await import('./verbs/steer.ts')).registerStop,
    workers: async () => (await import('./verbs/steer.ts')).registerWorkers,
    cancel: async () => (await import('./verbs/steer.ts')).registerCancel,
    retry: async () => (await import('./verbs/steer.ts')).registerRetry,
  },
};

const program = new Command('l2bn')
  .description('Sweeps L2 strength against Batch Normalization and shows what happens inside the weights.')
  .version(version)
  .option('--no-color', 'no colours (also: NO_COLOR)')
  .helpOption('-h, --help', 'show help')
  .helpCommand('help [command]', 'the same as l2bn <command> --help')
  .showHelpAfterError('(l2bn --help lists the commands)')
  .configureHelp({
    subcommandTerm: (command) => new Help().subcommandTerm(command).replace(' [options]', ''),
    // That an option is not given by default needs no word.
    optionDescription: (option) => new Help().optionDescription(option).replace(/ \(default: false\)$/, ''),
  })
  .addHelpText('after', `\nl2bn <command> --help shows its options, examples and exit codes.`)
  .addHelpText(
    'after',
    examples(
      'l2bn init && l2bn plan sweep.yaml',
      'l2bn run sweep.yaml',
      'l2bn run sweep.yaml l2=0,1e-4 batchNorm=true epochs=3 name=closer',
      'l2bn status',
    ),
  )
  .exitOverride();

const HELP_OPTIONS = ['-h', '--help'];
const verbs = new Set(Object.values(COMMANDS).flatMap((commands) => Object.keys(commands)));

/** Registers the commands: just the one named, or all where none is or the name is unknown, for help and suggestions. */
async function registerCommands(named: string | undefined): Promise<void> {
  for (const [group, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(group);
    for (const [name, load] of Object.entries(commands)) {
      if (named !== undefined && verbs.has(named) && name !== named) continue;
      (await load())(program);
      describe(program.commands.at(-1)!);
    }
  }
}

/** What the help of every command has. */
function describe(command: Command): void {
  const { summary, exits } = VERB_NOTES[command.name()]!;
  command.summary(summary).showHelpAfterError(`(l2bn ${command.name()} --help shows what it takes)`);
  if (exits !== undefined) command.addHelpText('after', exitCodesText(exits));
}

const words = process.argv.slice(2);
const [named, next] = words.filter((word) => !word.startsWith('-'));
// Of a command that there is none of, `help` and `--help` would show the help of all without a word.
if (named === 'help' && next !== undefined && !verbs.has(next)) words.splice(words.indexOf('help'), 1);
if (named !== undefined && named !== 'help' && !verbs.has(named)) {
  words.splice(0, words.length, ...words.filter((word) => !HELP_OPTIONS.includes(word)));
}
endQuietlyWhenUnread({ keepsRunning: () => named === 'run' });
try {
  await registerCommands(named);
  if (words.length === 0) program.outputHelp();
  else await program.parseAsync(words, { from: 'user' });
} catch (error) {
  process.exitCode = reportError(error);
}
