import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { childrenOf, send } from './processes.ts';

const MAIN = fileURLToPath(new URL('../../packages/runner/dist/cli/main.js', import.meta.url));

export interface Command {
  child: ChildProcessByStdio<null, Readable, Readable>;
  /** What it has printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves at the first match in stderr, or rejects when the command ends without one. */
  saw(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Resolves with exit code, or null after a signal. */
  ended: Promise<number | null>;
}

export interface CommandOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Words in front of the command, such as `nsenter …`. @defaultValue none */
  prefix?: readonly string[];
}

/** Starts `l2bn` as a user would, without a terminal. It and its engine host are killed when the test ends. */
export function l2bn(args: string[], { cwd, env = {}, prefix = [] }: CommandOptions): Command {
  const [program, ...words] = [...prefix, process.execPath, MAIN, ...args];
  const child = spawn(program!, words, {
    cwd,
    // A test runner's variables are none of a user's.
    env: { ...process.env, NODE_OPTIONS: '', VITEST: undefined, FORCE_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    for (const pid of [...childrenOf(child.pid), child.pid]) send('SIGKILL', pid);
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      text[name] += part;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    ended,
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    saw(pattern) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const match = text.stderr.match(pattern);
          if (match === null) return;
          child.stderr.off('data', look);
          resolve(match);
        };
        child.stderr.on('data', look);
        look();
        ended.then(() => reject(new Error(`ended without ${pattern}:\n${text.stderr}\n${text.stdout}`)));
      });
    },
  };
}
