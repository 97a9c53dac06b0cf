import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readEvents } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { freeze, hostOf, isGone } from '../support/processes.ts';
import { printed } from '../support/recorded.ts';
import { expectUnharmed, prepare, stateIn, undisturbed } from './sweep.ts';

const EPOCHS = 60;
/** Epochs that the host is to be ahead of the ledger. */
const AHEAD = 10;
/** Most epochs of which the acknowledgement may have been on its way when the coordinator stood still. */
const LAG = 5;

/** Resolves when the folder holds the checkpoint of this epoch or a later one. */
function epochIn(folder: string, epoch: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      const last = Math.max(
        -1,
        ...readdirSync(folder).map((name) => Number(/^epoch-(\d+)\.ckpt$/.exec(name)?.[1] ?? -1)),
      );
      if (last < epoch) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(folder, look);
    look();
  });
}

it('goes on from the last recorded checkpoint though the host was far ahead of a coordinator that stood still', async () => {
  const sweep = prepare({ name: 'lagging', epochs: EPOCHS });
  const run = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
  const host = printed(run, ({ type }) => type === 'started').then(() => hostOf(run));
  const { event } = await printed(run, (said) => said.type === 'checkpoint' && said.epoch >= 2 * LAG);
  if (event.type !== 'checkpoint') throw new Error('not a checkpoint');
  expect(await freeze(run.child.pid!)).toBe(true);
  const recorded = stateIn(sweep.folder).trials.find(({ id }) => id === event.trial)!.checkpoint!;
  await epochIn(join(sweep.folder, 'checkpoints', event.trial), recorded.epoch + AHEAD);
  run.child.kill('SIGKILL');
  await run.ended;
  const pid = await host;
  while (!isGone(pid)) await nextTurn();

  expect(existsSync(join(sweep.folder, 'checkpoints', event.trial, `epoch-${recorded.epoch + 3}.ckpt`))).toBe(false);
  const again = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
  await expectUnharmed(sweep, again, await undisturbed(EPOCHS));
  const attempts = readEvents(sweep.folder).flatMap(({ event: said }) =>
    said.type === 'started' && said.trial === event.trial ? [said.resumed] : [],
  );
  expect(attempts).toHaveLength(2);
  expect(attempts[1]!.epoch).toBeGreaterThanOrEqual(recorded.epoch - LAG);
  expect(attempts[1]!.epoch).toBeLessThanOrEqual(recorded.epoch);
});
