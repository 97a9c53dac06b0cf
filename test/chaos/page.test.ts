import { expect, it } from 'vitest';
import { type Command, l2bn } from '../support/command.ts';
import { printed, printedEvents } from '../support/recorded.ts';
import { PageWitness } from './page-witness.ts';
import { expectAcknowledgedIn, prepare, stateIn } from './sweep.ts';

/** So many that it never ends by itself. */
const EPOCHS = 20_000;

it('shows what the ledger says after its connection was cut, again and again, and after another coordinator', async () => {
  const sweep = prepare({ name: 'cut', epochs: EPOCHS });
  const start = () => l2bn([...sweep.arguments, '--port', '0', '--keep'], { cwd: sweep.cwd });
  const witness = await PageWitness.create();
  const first = start();
  await witness.follow(first, sweep.folder);
  await witness.hasPassed('cut', 1);
  // Whichever comes next: a certain one may have gone by while the page came back.
  const nextEpoch = (run: Command) => printed(run, ({ type }) => type === 'epoch');
  for (let cut = 0; cut < 3; cut++) {
    const { seq } = await nextEpoch(first);
    witness.cut();
    await witness.hasPassed('cut', seq);
  }
  // Within one coordinator what was missed comes as events; everything anew came only once, at the beginning.
  expect(witness.frames.snapshot).toBe(1);
  expect(witness.frames.hello).toBeGreaterThanOrEqual(4);
  await nextEpoch(first);
  first.child.kill('SIGKILL');
  await first.ended;
  expect(await witness.expectTrue('cut', sweep.folder)).toBe(true);

  const second = start();
  await witness.follow(second, sweep.folder);
  await witness.hasPassed('cut', (await nextEpoch(second)).seq);
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(130);
  await witness.hasPassed('cut', stateIn(sweep.folder).seq);
  expect(await witness.expectTrue('cut', sweep.folder)).toBe(true);
  expect(witness.frames.snapshot).toBe(2);
  expectAcknowledgedIn(sweep.folder, witness.acknowledged('cut'));
  expectAcknowledgedIn(sweep.folder, [...printedEvents(first), ...printedEvents(second)]);
  witness.expectNoErrors();
});
