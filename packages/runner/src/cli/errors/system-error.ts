import { formatProblem } from '@l2bn/core/sweep';

/** What would help, by the operating system's name of the error. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'the right to do that: ask for it, or name another place (--output)',
  EPERM: 'the right to do that: ask for it, or name another place (--output)',
  EROFS: 'a file system that can be written: name another place (--output)',
  ENOSPC: 'free space: make room, or name a place on another disk (--output)',
  EDQUOT: 'free space: your quota is used up; make room, or name a place on another disk (--output)',
  ENOENT: 'a place that is there, or can be made: name another (--output)',
  ENOTDIR: 'a folder, but a file stands there: name another (--output), or move the file away',
  EEXIST: 'a folder, but a file stands there: name another (--output), or move the file away',
  EISDIR: 'a file, but a folder stands there: name another, or move the folder away',
  ENAMETOOLONG: 'a shorter name: name another (--output)',
  ELOOP: 'links that end somewhere: name another place (--output)',
  EMFILE: 'more open files: raise ulimit -n',
  ENFILE: 'more open files: end other programs',
  EIO: 'a disk that can be read and written: look into the log of the system',
};
const SQLITE_ADVICE = 'a folder that can be written, on a disk with free space: name another place (--output)';

/** What files that are being written have behind their name. */
const TEMPORARY = /\.\d+\.tmp$/;

interface SystemError extends Error {
  code?: string;
  syscall?: string;
  path?: string;
  dest?: string;
  /** Of a socket. */
  address?: string;
}

/**
 * What the operating system or SQLite refuses, in the words of every other error: which place, what came, what is wanted.
 * Undefined for any other error.
 */
export function explainSystemError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', syscall, path, dest, address, message } = error as SystemError;
  const isSqlite = code === 'ERR_SQLITE_ERROR';
  if (!isSqlite && typeof syscall !== 'string') return undefined;
  const place = (dest ?? path ?? address)?.replace(TEMPORARY, '');
  const got = isSqlite ? `${message} (SQLite)` : `${code} (${reasonIn(message)}) from ${syscall}`;
  const want = isSqlite ? SQLITE_ADVICE : (ADVICE[code] ?? 'the operating system to do that');
  return formatProblem({ ...(place === undefined ? {} : { file: place }), got, want });
}

/** `EACCES: permission denied, mkdir '/x'` → `permission denied`. */
const reasonIn = (message: string): string => /^[A-Z0-9_]+: (.*?)(, \w+|$)/.exec(message)?.[1] ?? message;
