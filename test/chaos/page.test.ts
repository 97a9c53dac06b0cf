import { expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { printed, printedEvents } from '../support/recorded.ts';
import { PageWitness } from './page-witness.ts';
import { expectAcknowledgedIn, prepare, stateIn } from './sweep.ts';

/** Many enough for the sweep to last through all that is done to it. */
const EPOCHS = 150;

it('shows what the ledger says after its connection was cut, again and again, and after another coordinator', async () => {
  const sweep = prepare({ name: 'cut', epochs: EPOCHS });
  const start = () => l2bn([...sweep.arguments, '--port', '0', '--keep'], { cwd: sweep.cwd });
  const witness = await PageWitness.create();
  const first = start();
  await witness.follow(first, sweep.folder);
  // Whichever comes next: a certain one may have gone by while the page came back.
  const nextEpoch = () => printed(first, ({ type }) => type === 'epoch');
  for (let cut = 0; cut < 3; cut++) {
    const { seq } = await nextEpoch();
    witness.cut();
    await witness.hasPassed('cut', seq);
  }
  // Within one coordinator what was missed comes as events; everything anew came only once, at the beginning.
  expect(witness.frames.snapshot).toBe(1);
  expect(witness.frames.hello).toBeGreaterThanOrEqual(4);
  await nextEpoch();
  first.child.kill('SIGKILL');
  await first.ended;
  expect(await witness.expectTrue('cut', sweep.folder)).toBe(true);

  const second = start();
  await witness.follow(second, sweep.folder);
  await second.saw(/The page stays at/);
  await witness.hasPassed('cut', stateIn(sweep.folder).seq);
  expect(await witness.expectTrue('cut', sweep.folder)).toBe(true);
  expect(witness.frames.snapshot).toBe(2);
  expectAcknowledgedIn(sweep.folder, witness.acknowledged('cut'));
  expectAcknowledgedIn(sweep.folder, [...printedEvents(first), ...printedEvents(second)]);
  witness.expectNoErrors();
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
});
