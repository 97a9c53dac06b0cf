#!/usr/bin/env node
import { Command } from 'commander';
import { endQuietlyWhenUnread } from './pipes.ts';
import { reportError } from './report-error.ts';
import { examples, type Register } from './verb.ts';
import { version } from './version.ts';

/**
 * The commands in the order of the help. Only the one that is asked for is loaded: it starts at once, and `doctor` works
 * where SQLite does not.
 */
const COMMANDS: Record<string, Record<string, () => Promise<Register>>> = {
  'Prepare:': {
    init: async () => (await import('./init-command.ts')).registerInit,
    validate: async () => (await import('./validate-command.ts')).registerValidate,
    plan: async () => (await import('./plan-command.ts')).registerPlan,
    doctor: async () => (await import('./doctor-command.ts')).registerDoctor,
  },
  'Train:': {
    run: async () => (await import('./register-run.ts')).registerRun,
  },
  'Look:': {
    status: async () => (await import('./status-command.ts')).registerStatus,
    watch: async () => (await import('./watch-command.ts')).registerWatch,
    table: async () => (await import('./table-command.ts')).registerTable,
    export: async () => (await import('./export-command.ts')).registerExport,
  },
  'Steer:': {
    pause: async () => (await import('./control-commands.ts')).registerPause,
    resume: async () => (await import('./control-commands.ts')).registerResume,
    stop: async () => (await import('./control-commands.ts')).registerStop,
    workers: async () => (await import('./control-commands.ts')).registerWorkers,
    cancel: async () => (await import('./control-commands.ts')).registerCancel,
    retry: async () => (await import('./control-commands.ts')).registerRetry,
  },
};

const program = new Command('l2bn')
  .description('Sweeps L2 strength against Batch Normalization and shows what happens inside the weights.')
  .version(version)
  .option('--no-color', 'no colours (also: NO_COLOR)')
  .showHelpAfterError('(l2bn --help lists the commands)')
  .addHelpText(
    'after',
    examples(
      'l2bn init && l2bn run sweep.yaml',
      'l2bn run examples/article.yaml l2=0,1e-4 batchNorm=true epochs=3',
      'l2bn status',
    ),
  )
  .exitOverride();

/** Registers the commands: just the one named, or all where none is or the name is unknown, for help and suggestions. */
async function registerCommands(named: string | undefined): Promise<void> {
  const isKnown = Object.values(COMMANDS).some((commands) => named !== undefined && named in commands);
  for (const [group, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(group);
    for (const [name, load] of Object.entries(commands)) {
      if (!isKnown || name === named) (await load())(program);
    }
  }
}

const named = process.argv.slice(2).find((word) => !word.startsWith('-'));
endQuietlyWhenUnread({ keepsRunning: () => named === 'run' });
try {
  await registerCommands(named);
  if (process.argv.length === 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
