import { InputError } from '@l2bn/core/sweep';
import { CommanderError } from 'commander';
import type { LedgerInUseError } from '../../ledger/ledger.ts';
import { EXIT } from '../exit-codes.ts';
import { githubError, githubProblem, onGithub } from './github.ts';
import { explainSystemError } from './system-error.ts';

/** Says on stderr what went wrong and returns the exit code that stands for it. */
export function reportError(error: unknown): number {
  // Commander has said it already: an error, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof InputError) {
    say(error.message, ...error.problems.map(githubProblem));
    return EXIT.usage;
  }
  if (isLedgerInUse(error)) {
    const message = `l2bn: ${error.message}`;
    say(message, githubError(message));
    return EXIT.environment;
  }
  // What the operating system refuses needs no stack; anything else is a fault of ours, and the stack is what finds it.
  const explained = explainSystemError(error);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  say(`l2bn: ${explained ?? `unexpected ${stack ?? message}`}`, githubError(explained ?? message));
  return EXIT.environment;
}

function say(message: string, ...annotations: string[]): void {
  process.stderr.write(`${[message, ...(onGithub() ? annotations : [])].join('\n')}\n`);
}

/** By name: the class comes with SQLite, which may be what does not load. */
const isLedgerInUse = (error: unknown): error is LedgerInUseError =>
  error instanceof Error && error.name === 'LedgerInUseError';
