import { join } from 'node:path';
import { readEvents, readLedger } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { freeze, hostOf, isGone } from '../support/processes.ts';
import { ARMS } from './small-sweeps.ts';

/** A sweep whose engine host stands still in the middle of a trial. */
async function startFrozen() {
  const cwd = folderWith({ 'arms.yaml': ARMS });
  const words = ['epochs=2000', 'l2=1e-3', 'batchNorm=true', 'workers=1', '--no-page'];
  const run = l2bn(['run', 'arms.yaml', ...words], { cwd });
  await run.saw(/epoch 1\/2000/);
  const host = hostOf(run);
  expect(await freeze(host)).toBe(true);
  const folder = join(cwd, 'sweeps/arms');
  /** The state that is kept, and why the trial was interrupted. */
  const kept = () => {
    const reasons = readEvents(folder).flatMap(({ event }) => (event.type === 'interrupted' ? [event.reason] : []));
    return { ...readLedger(folder).state, reasons };
  };
  return { run, host, kept };
}

it('a second Ctrl-C ends a sweep at once whose engine host stands still', async () => {
  const { run, host, kept } = await startFrozen();
  run.child.kill('SIGINT');
  await run.saw(/Ctrl-C again to kill/);
  run.child.kill('SIGINT');
  expect(await run.ended, run.stderr).toBe(130);
  expect(run.stderr).not.toContain('have not ended');
  expect(kept()).toMatchObject({
    phase: 'stopped',
    counts: { interrupted: 1 },
    reasons: ['killed by the user'],
    trials: [{ checkpoint: { epoch: expect.any(Number) } }],
  });
  expect(isGone(host)).toBe(true);
});

it('one Ctrl-C ends it as well, after ten seconds, and says why', async () => {
  const { run, host, kept } = await startFrozen();
  run.child.kill('SIGINT');
  expect(await run.ended, run.stderr).toBe(130);
  expect(run.stderr).toContain('killing the engine host: the running steps have not ended in 10 s');
  expect(kept()).toMatchObject({
    phase: 'stopped',
    counts: { interrupted: 1 },
    reasons: ['killed, because it did not stop in 10 s'],
  });
  expect(isGone(host)).toBe(true);
});
