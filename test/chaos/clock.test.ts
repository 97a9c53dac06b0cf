import type { RecordedEvent } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { type Command, l2bn } from '../support/command.ts';
import { whileFrozen } from '../support/processes.ts';
import { printed, printedEvents } from '../support/recorded.ts';
import { WallClock } from '../support/wall-clock.ts';
import { expectUnharmed, type PreparedSweep, prepare, stateIn, undisturbed } from './sweep.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const EPOCHS = 40;

/** Which of the clock's settings an event's time shows; each is an hour and more from the others. */
const settingOf = (settings: readonly number[], begin: number, end: number) => (record: RecordedEvent) => {
  const matching = settings.filter((offset) => record.at >= begin + offset && record.at <= end + offset);
  expect(matching, `${new Date(record.at).toISOString()} is a time that the clock never showed`).toHaveLength(1);
  return matching[0]!;
};

function expectNobodyKilled(run: Command, folder: string): void {
  expect(printedEvents(run).filter(({ event }) => event.type === 'interrupted')).toEqual([]);
  expect(stateIn(folder).trials.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
}

/** What a user sees while the clock shows something: of a sweep of seconds, no time below 0 and none as long as a jump. */
async function expectSaneTimes({ cwd }: PreparedSweep, run: Command, clock: WallClock): Promise<void> {
  const status = l2bn(['status', '--json'], { cwd, env: clock.env });
  await whileFrozen(run, () => status.ended);
  const { eta, running } = JSON.parse(status.stdout) as { eta: number | null; running: { eta: number | null }[] };
  expect(running).not.toEqual([]);
  for (const time of [eta, ...running.map((trial) => trial.eta)]) {
    expect(time ?? 0).toBeGreaterThanOrEqual(0);
    expect(time ?? 0).toBeLessThan(HOUR);
  }
}

describe('a wall clock that jumps', () => {
  it('back by hours and on by days kills nothing and loses nothing, and events have the time that it showed', async () => {
    const clock = new WallClock();
    const settings = [0, -5 * HOUR, 3 * DAY];
    const sweep = prepare({ name: 'jumps', epochs: EPOCHS, more: 'hangTimeout: 60' });
    const begin = Date.now();
    const run = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd, env: clock.env });
    for (const offset of settings) {
      clock.set(offset);
      // Whichever comes next: what was told before the clock was set may be printed after it.
      const isNow = ({ at }: RecordedEvent) => at >= begin + offset && at <= Date.now() + offset;
      await printed(run, ({ type }, recorded) => type === 'epoch' && isNow(recorded));
      await expectSaneTimes(sweep, run, clock);
    }
    await run.ended;
    const end = Date.now();
    await expectUnharmed(sweep, run, await undisturbed(EPOCHS));
    expectNobodyKilled(run, sweep.folder);
    const shown = printedEvents(run).map(settingOf(settings, begin, end));
    expect(shown.filter((offset, i) => offset !== shown[i - 1])).toEqual(settings);
  });

  it('back, while no coordinator is there, is no hindrance to going on', async () => {
    const clock = new WallClock();
    clock.set(3 * DAY);
    const sweep = prepare({ name: 'reset', epochs: EPOCHS });
    const first = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd, env: clock.env });
    await printed(first, (event) => event.type === 'epoch' && event.epoch === 10);
    first.child.kill('SIGKILL');
    await first.ended;
    clock.set(0);
    const second = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd, env: clock.env });
    await expectUnharmed(sweep, second, await undisturbed(EPOCHS));
  });
});
