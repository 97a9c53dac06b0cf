import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readLedger } from '@l2bn/runner';
import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { send } from '../support/processes.ts';
import { ARMS } from './small-sweeps.ts';

const TERMINAL = fileURLToPath(new URL('../support/stalled-terminal.py', import.meta.url));
const LONG = ['epochs=2000', 'l2=1e-3', 'batchNorm=true', 'workers=1'];

/** Runs a sweep on a terminal that takes nothing until it is read. */
async function runStalled(...words: string[]) {
  const cwd = folderWith({ 'arms.yaml': ARMS });
  const folder = join(cwd, 'sweeps/arms');
  const run = l2bn(['run', 'arms.yaml', ...words, '--no-page'], { cwd, prefix: ['python3', TERMINAL] });
  const [, pid] = await run.saw(/pid (\d+)\n/);
  const state = () => readLedger(folder).state;
  return {
    run,
    state,
    /** Resolves when the trial has come so far by the ledger. */
    async trainsTo(epoch: number) {
      while (!existsSync(join(folder, 'plan.json')) || (state().trials[0]?.epochs.at(-1)?.epoch ?? 0) < epoch) {
        await delay(50);
      }
    },
    interrupt: () => send('SIGINT', Number(pid)),
    read: () => run.child.kill('SIGUSR1'),
    async showed(pattern: RegExp) {
      for (;;) {
        const match = run.stdout.match(pattern);
        if (match !== null) return match;
        await delay(50);
      }
    },
  };
}

describe.runIf(process.platform !== 'win32')('on a terminal that nobody reads', () => {
  it('a sweep runs to its end, and the command ends', async () => {
    const { run, state } = await runStalled();
    expect(await run.ended, run.stderr).toBe(0);
    expect(state()).toMatchObject({ phase: 'finished', counts: { done: 4 } });
    expect(run.stdout).toBe('');
  });

  it('one Ctrl-C stops a sweep, with its state kept', async () => {
    const { run, state, trainsTo, interrupt } = await runStalled(...LONG);
    await trainsTo(2);
    interrupt();
    expect(await run.ended, run.stderr).toBe(130);
    expect(state()).toMatchObject({ phase: 'stopped', counts: { interrupted: 1 } });
  });

  it('the screen shows what is, and all that was said, when somebody reads again', async () => {
    const { run, state, trainsTo, interrupt, read, showed } = await runStalled(...LONG);
    await trainsTo(5);
    const { step } = state().trials[0]!;
    read();
    // The first lane that is painted at all.
    const [, first] = await showed(/ step (\d+)\/8000/);
    expect(Number(first)).toBeGreaterThanOrEqual(step);
    expect(run.stdout).toMatch(/#+.*arms: 1 cell .*\r\n(.*\r\n)*running: digits/);
    interrupt();
    expect(await run.ended, run.stderr).toBe(130);
    const cursorShown = `${String.fromCharCode(27)}[?25h`;
    expect(run.stdout.slice(run.stdout.indexOf(cursorShown))).toContain('Stopped. ');
  });
});
