import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Command, l2bn } from '../support/command.ts';
import { hostOf, isGone, send } from '../support/processes.ts';
import { printed } from '../support/recorded.ts';
import { freezeInCheckpoint, SLOW_DISK } from './checkpoint-freeze.ts';
import { RunningTrials } from './running-trials.ts';
import { expectUnharmed, type PreparedSweep, prepare, stateIn, undisturbed } from './sweep.ts';

const EPOCHS = 60;

/**
 * Kills while a checkpoint of such an attempt is half written, and returns the file that shows it. What an earlier attempt said
 * may be printed when its host is dead already.
 */
async function killInCheckpoint(
  run: Command,
  sweep: PreparedSweep,
  attempt: number,
  also: 'coordinator' | 'host only',
) {
  const trials = new RunningTrials(run);
  const { event } = await printed(run, (said) => said.type === 'checkpoint' && said.attempt === attempt);
  if (event.type !== 'checkpoint') throw new Error('not a checkpoint');
  const write = await freezeInCheckpoint(hostOf(run), sweep.folder, [event.trial, ...trials.ids], run.ended);
  if (write === undefined) throw new Error('the run ended before a checkpoint was caught half-written');
  if (also === 'coordinator') run.child.kill('SIGKILL');
  send('SIGKILL', write.host);
  while (!isGone(write.host)) await nextTurn();
  expect(existsSync(write.file)).toBe(true);
  return write.file;
}

it('goes on from the checkpoint before when it is killed in the middle of writing one', async () => {
  const sweep = prepare({ name: 'torn', epochs: EPOCHS });
  const start = () => l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd, env: SLOW_DISK });
  const torn: string[] = [];
  let run = start();
  for (let i = 0; i < 2; i++) {
    torn.push(await killInCheckpoint(run, sweep, torn.length + 1, 'host only'));
    torn.push(await killInCheckpoint(run, sweep, torn.length + 1, 'coordinator'));
    await run.ended;
    run = start();
  }
  await expectUnharmed(sweep, run, await undisturbed(EPOCHS));
  expect(torn).toHaveLength(4);
  expect(Math.max(...stateIn(sweep.folder).trials.map(({ attempt }) => attempt))).toBe(5);

  // The half-written files have been written whole, or gone with their trial's checkpoints.
  const folder = join(sweep.folder, 'checkpoints');
  expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual([]);
});
