import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { freeze, hostOf, thaw } from '../support/processes.ts';
import { printed, printedEvents } from '../support/recorded.ts';
import { expectUnharmed, prepare, stateIn, undisturbed } from './sweep.ts';

const EPOCHS = 60;
/** In s. Long for a network that trains an epoch in 30 ms, also on a machine with other work. */
const HANG_TIMEOUT = 4;

const suspendable = (name: string) => prepare({ name, epochs: EPOCHS, more: `hangTimeout: ${HANG_TIMEOUT}` });

describe('a process that is stopped (SIGSTOP) for longer than hangTimeout', () => {
  it('is killed when it is the engine host, and its trials go on in a new one', async () => {
    const sweep = suspendable('stopped-host');
    const run = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
    await printed(run, ({ type }) => type === 'checkpoint');
    const host = hostOf(run);
    expect(await freeze(host)).toBe(true);
    const hung = await printed(run, (event) => event.type === 'phase' && /no word from/.test(event.detail ?? ''));
    expect(hung.event).toMatchObject({ detail: expect.stringContaining(`for ${HANG_TIMEOUT} s`) });
    await expectUnharmed(sweep, run, await undisturbed(EPOCHS));

    const reasons = printedEvents(run).flatMap(({ event }) => (event.type === 'interrupted' ? [event.reason] : []));
    expect(reasons).toEqual(['the engine host ended: signal SIGKILL', 'the engine host ended: signal SIGKILL']);
    expect(stateIn(sweep.folder).trials.map(({ attempt }) => attempt)).toEqual([2, 2, 1, 1]);
    expect(run.child.exitCode).toBe(0);
  });

  it('goes on when it is the coordinator, and does not take its own sleep for a silence of the trials', async () => {
    const sweep = suspendable('stopped-coordinator');
    const run = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
    await printed(run, ({ type }) => type === 'checkpoint');
    expect(await freeze(run.child.pid!)).toBe(true);
    await sleep((HANG_TIMEOUT + 2) * 1_000);
    thaw(run.child.pid!);
    await expectUnharmed(sweep, run, await undisturbed(EPOCHS));
    expect(stateIn(sweep.folder).trials.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
    expect(printedEvents(run).filter(({ event }) => event.type === 'interrupted')).toEqual([]);
  });

  it('goes on when both are, as on a laptop that sleeps', async () => {
    const sweep = suspendable('sleeping-laptop');
    const run = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
    await printed(run, ({ type }) => type === 'checkpoint');
    const [coordinator, host] = [run.child.pid!, hostOf(run)];
    expect([await freeze(coordinator), await freeze(host)]).toEqual([true, true]);
    await sleep((HANG_TIMEOUT + 2) * 1_000);
    thaw(host);
    thaw(coordinator);
    await expectUnharmed(sweep, run, await undisturbed(EPOCHS));
    expect(stateIn(sweep.folder).trials.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
  });
});
