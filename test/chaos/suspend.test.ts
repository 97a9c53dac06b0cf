import { readFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { freeze, hostOf, isGone, thaw } from '../support/processes.ts';
import { printed, printedEvents } from '../support/recorded.ts';
import { WallClock } from '../support/wall-clock.ts';
import { freezeInCheckpoint, SLOW_DISK } from './checkpoint-freeze.ts';
import { expectAcknowledgedIn, expectUnharmed, prepare, stateIn, undisturbed } from './sweep.ts';

const EPOCHS = 60;
/** Silence in s after which a trial counts as hung. Long for a network that trains an epoch in 30 ms, also on a machine with other work. */
const HANG_TIMEOUT = 8;

const HOUR = 3_600_000;

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
    const [reason] = reasons;
    expect(reasons).toEqual([reason, reason]);
    const [, file] = /said nothing for 8 s(?:, see (.*\.json))?$/.exec(reason!)!;
    // Of a process that stands still, only the system can tell what it does.
    if (process.platform === 'linux') {
      const { threads, workers, node } = JSON.parse(readFileSync(join(sweep.folder, file!), 'utf8'));
      expect({ workers, node }).toEqual({ workers: null, node: null });
      expect(threads.length).toBeGreaterThan(3);
      for (const thread of threads) expect(thread).toMatchObject({ state: 'stopped' });
    }
    expect(stateIn(sweep.folder).trials.map(({ attempt }) => attempt)).toEqual([2, 2, 1, 1]);
    expect(run.child.exitCode).toBe(0);
  });

  it('goes on when it is the coordinator, and does not take its own sleep for a silence of the trials', async () => {
    const sweep = suspendable('stopped-coordinator');
    const clock = new WallClock();
    const run = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd, env: clock.env });
    const { event } = await printed(run, ({ type }) => type === 'checkpoint');
    if (event.type !== 'checkpoint') throw new Error('not a checkpoint');
    expect(await freeze(run.child.pid!)).toBe(true);
    clock.set(HOUR);
    // The host goes on without it.
    for await (const _ of watch(join(sweep.folder, 'checkpoints', event.trial))) break;
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
    // Timers go by a clock that nobody can set.
    await sleep((HANG_TIMEOUT + 1) * 1_000);
    thaw(host);
    thaw(coordinator);
    await expectUnharmed(sweep, run, await undisturbed(EPOCHS));
    expect(stateIn(sweep.folder).trials.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
  });

  it('does no harm when it is a host whose coordinator was killed, and that wakes up beside the next one', async () => {
    const sweep = prepare({ name: 'zombie', epochs: EPOCHS });
    const words = [...sweep.arguments, '--no-page'];
    const first = l2bn(words, { cwd: sweep.cwd, env: SLOW_DISK });
    const { event } = await printed(first, ({ type }) => type === 'checkpoint');
    if (event.type !== 'checkpoint') throw new Error('not a checkpoint');
    // In the middle of a checkpoint, which it will go on writing.
    const write = await freezeInCheckpoint(hostOf(first), sweep.folder, [event.trial], first.ended);
    if (write === undefined) throw new Error('the run ended before a checkpoint was caught half-written');
    const zombie = write.host;
    first.child.kill('SIGKILL');
    await first.ended;

    const second = l2bn(words, { cwd: sweep.cwd });
    await printed(second, ({ type }) => type === 'checkpoint');
    expect(isGone(zombie)).toBe(false);
    thaw(zombie);
    await expectUnharmed(sweep, second, await undisturbed(EPOCHS));
    expectAcknowledgedIn(sweep.folder, printedEvents(first));
    // It has noticed that nobody records it any more.
    while (!isGone(zombie)) await nextTurn();
  });
});
