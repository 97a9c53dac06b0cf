import { execFileSync } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Command } from './command.ts';

/** Sends a signal; a process that has ended by itself in the meantime takes none. */
export function send(signal: NodeJS.Signals, pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/** The children of a process: of a coordinator, its engine host. */
export function childrenOf(pid: number | undefined): number[] {
  try {
    const text = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
    return text.trim().split('\n').map(Number);
  } catch {
    return [];
  }
}

/** Process id of a coordinator's engine host. Throws while it has none. */
export function hostOf({ child }: Command): number {
  const [host] = childrenOf(child.pid);
  if (host === undefined) throw new Error('the coordinator has no engine host');
  return host;
}

/**
 * Stops a process (SIGSTOP) and resolves when it stands still: true, or false if it has ended. Whatever becomes of the test,
 * it is let go in the end, so that it can notice that its coordinator is gone.
 */
export async function freeze(pid: number): Promise<boolean> {
  onTestFinished(() => thaw(pid));
  send('SIGSTOP', pid);
  while (true) {
    const state = stateOf(pid);
    if (state === '' || state.startsWith('Z')) return false;
    if (state.startsWith('T')) return true;
    await nextTurn();
  }
}

export const thaw = (pid: number): void => send('SIGCONT', pid);

function stateOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Does something while a coordinator's engine host stands still: however long it takes, no trial gets further. */
export async function whileFrozen<T>(run: Command, act: () => Promise<T>): Promise<T> {
  const host = hostOf(run);
  if (!(await freeze(host))) throw new Error('the engine host has ended');
  try {
    return await act();
  } finally {
    thaw(host);
  }
}

/** Whether a process has ended, be it that nobody has taken notice yet. */
export const isGone = (pid: number): boolean => /^(Z.*)?$/.test(stateOf(pid));
