import { InputError } from '@l2bn/core/sweep';
import { CommanderError } from 'commander';
import type { LedgerInUseError } from '../ledger/ledger.ts';
import { EXIT } from './exit-codes.ts';
import { githubError, githubProblem, onGithub } from './github.ts';

/** Says on stderr what went wrong and returns the exit code that stands for it. */
export function reportError(error: unknown): number {
  // Commander has said it already: an error, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof InputError) {
    say(error.message, ...error.problems.map(githubProblem));
    return EXIT.usage;
  }
  if (isLedgerInUse(error)) {
    const message = `l2bn: ${error.message}; follow it with l2bn watch, or wait until it ends`;
    say(message, githubError(message));
    return EXIT.environment;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  // What the operating system refuses needs no stack; anything else is a fault of ours, and the stack is what finds it.
  say(isSystemError(error) ? `l2bn: ${message}` : `l2bn: unexpected ${stack ?? message}`, githubError(message));
  return EXIT.environment;
}

function say(message: string, ...annotations: string[]): void {
  process.stderr.write(`${[message, ...(onGithub() ? annotations : [])].join('\n')}\n`);
}

/** By name: the class comes with SQLite, which may be what does not load. */
const isLedgerInUse = (error: unknown): error is LedgerInUseError =>
  error instanceof Error && error.name === 'LedgerInUseError';

/** The file system's and SQLite's: a full disk, a missing right, a path too long. */
function isSystemError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { syscall, code } = error as NodeJS.ErrnoException;
  return typeof syscall === 'string' || code === 'ERR_SQLITE_ERROR';
}
