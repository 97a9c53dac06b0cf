import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { hostOf, send } from '../support/processes.ts';
import { printed, printedEvents } from '../support/recorded.ts';
import { expectAcknowledgedIn, expectUnharmed, prepare, stateIn, undisturbed } from './sweep.ts';

const EPOCHS = 60;

describe('a sweep', () => {
  it('goes on from its checkpoints when the engine host is killed', async () => {
    const sweep = prepare({ name: 'killed-host', epochs: EPOCHS });
    const run = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
    await printed(run, ({ type }) => type === 'checkpoint');
    send('SIGKILL', hostOf(run));
    await expectUnharmed(sweep, run, await undisturbed(EPOCHS));

    const events = printedEvents(run).map(({ event }) => event);
    const interrupted = events.filter(({ type }) => type === 'interrupted');
    expect(interrupted.length).toBeGreaterThan(0);
    for (const event of interrupted) expect(event).toMatchObject({ reason: 'the engine host ended: signal SIGKILL' });
    const again = events.filter((event) => event.type === 'started' && event.attempt === 2);
    expect(again).toContainEqual(expect.objectContaining({ resumed: expect.any(Object) }));
    expect(Math.max(...stateIn(sweep.folder).trials.map(({ attempt }) => attempt))).toBe(2);
  });

  it('goes on after kill -9 of the coordinator; what is done stays as it is', async () => {
    const sweep = prepare({ name: 'killed-coordinator', epochs: EPOCHS });
    const first = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
    await printed(first, ({ type }) => type === 'done');
    send('SIGKILL', first.child.pid);
    await first.ended;
    expectAcknowledgedIn(sweep.folder, printedEvents(first));
    const done = stateIn(sweep.folder).trials.filter(({ status }) => status === 'done');
    expect(done.length).toBeGreaterThan(0);

    const second = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
    await expectUnharmed(sweep, second, await undisturbed(EPOCHS));
    expectAcknowledgedIn(sweep.folder, printedEvents(first));
    const { trials } = stateIn(sweep.folder);
    for (const before of done) expect(trials[before.index]).toEqual(before);
  });
});
