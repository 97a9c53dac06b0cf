import { expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { whileFrozen } from '../support/processes.ts';
import { printed } from '../support/recorded.ts';
import { expectUnharmed, prepare, undisturbed } from './sweep.ts';

/** So many that the one that runs the sweep is still at work when the last of several has started. */
const EPOCHS = 60;

it('the second coordinator on a folder is refused, and the first does not notice', async () => {
  const sweep = prepare({ name: 'one-after-another', epochs: EPOCHS });
  const first = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
  await printed(first, ({ type }) => type === 'started');
  const second = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
  expect(await whileFrozen(first, () => second.ended)).toBe(3);
  expect(second.stderr).toContain('another l2bn writes');
  expect(second.stdout).toBe('');
  await expectUnharmed(sweep, first, await undisturbed(EPOCHS));
});

it('of several that start at the same moment one runs the sweep', async () => {
  const sweep = prepare({ name: 'all-at-once', epochs: EPOCHS });
  const runs = Array.from({ length: 4 }, () => l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd }));
  const codes = await Promise.all(runs.map(({ ended }) => ended));
  const winner = runs[codes.indexOf(0)];
  expect(codes.toSorted(), runs.map(({ stderr }) => stderr).join('\n')).toEqual([0, 3, 3, 3]);
  await expectUnharmed(sweep, winner!, await undisturbed(EPOCHS));
});
