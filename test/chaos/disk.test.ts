import { existsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Command, l2bn } from '../support/command.ts';
import { hostOf, isGone } from '../support/processes.ts';
import { printed, printedEvents } from '../support/recorded.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { forbidRemovals, forbidWrites } from '../support/write-limit.ts';
import {
  expectAcknowledgedIn,
  expectEveryTrialOnce,
  expectUnharmed,
  prepare,
  results,
  sweepFile,
  undisturbed,
} from './sweep.ts';

const EPOCHS = 60;
const STACK = /\n {4}at /;
const ARGUMENTS = ['run', 'sweep.yaml', '--json', '--no-page'];

/** A small disk that holds a sweep file, and the commands on it. */
async function sweepOnDisk(skip: (reason: string) => never) {
  const disk = await SmallDisk.mount(24);
  if (typeof disk === 'string') return skip(disk);
  writeFileSync(disk.path('sweep.yaml'), sweepFile({ name: 'small', epochs: EPOCHS }));
  const run = (...args: string[]) => l2bn(args.length === 0 ? ARGUMENTS : args, { cwd: '/', prefix: disk.prefix });
  /** SQLite cannot reach into the disk; a copy it can. */
  const folder = () => disk.copyOf('sweeps/small');
  /** The same command runs what is left, and all is as if nothing had happened. */
  const goesOn = async (...before: Command[]) => {
    const second = run();
    expect(await second.ended, second.stderr).toBe(0);
    const copy = folder();
    expectAcknowledgedIn(copy, [...before, second].flatMap(printedEvents));
    expectEveryTrialOnce(copy);
    expect(results(copy)).toEqual(await undisturbed(EPOCHS));
  };
  return { disk, run, folder, goesOn };
}

describe.runIf(process.platform === 'linux')('a sweep', () => {
  it('ends with a message when the disk is full, loses nothing, and goes on when there is room', async ({ skip }) => {
    const { disk, run, folder, goesOn } = await sweepOnDisk(skip);
    const first = run();
    await printed(first, (event) => event.type === 'epoch' && event.epoch === 10);
    disk.fill();
    expect(await first.ended).toBe(3);
    expect(first.stderr).toMatch(
      /l2bn: the ledger cannot be written: .*full.*\. Make room .*To go on .* then: l2bn run sweeps\/small$/m,
    );
    expect(first.stderr).not.toMatch(STACK);
    expectAcknowledgedIn(folder(), printedEvents(first));

    const stillFull = run();
    expect(await stillFull.ended, stillFull.stderr).toBe(3);
    expect(stillFull.stderr).toMatch(/no space left|full/i);
    expect(stillFull.stderr).not.toMatch(STACK);

    disk.clear();
    await goesOn(first);
  });

  it('says which file finds no room on a disk of any size, and what to do, and loses nothing', async ({ skip }) => {
    const { disk, run, goesOn } = await sweepOnDisk(skip);
    const kept: Command[] = [];
    const places = new Set<string>();
    for (let room = 0; room <= 6 * 48; room += 48) {
      disk.fill();
      truncateSync(disk.path('ballast'), statSync(disk.path('ballast')).size - room * 1024);
      const tried = run();
      expect(await tried.ended, tried.stderr).toBe(3);
      expect(tried.stderr).not.toMatch(STACK);
      const message = /^(?:l2bn: the ledger cannot be written: )?(?:l2bn: )?(\/\S+): .*$/m.exec(tried.stderr);
      expect(message?.[0], tried.stderr).toMatch(/full|space|disk I\/O/);
      expect(message?.[0]).toMatch(/free space|Make room/);
      places.add(basename(message![1]!));
      if (existsSync(disk.path('sweeps/small/checkpoints'))) kept.push(tried);
      else expect(existsSync(disk.path('sweeps'))).toBe(false);
    }
    expect([...places]).toContain('ledger.db');
    expect(kept.length).toBeGreaterThan(0);
    disk.clear();
    await goesOn(...kept);
  });

  it('does not start on a read-only disk, says so, and goes on when it is writable', async ({ skip }) => {
    const { disk, run, goesOn } = await sweepOnDisk(skip);
    const first = run();
    await printed(first, (event) => event.type === 'epoch' && event.epoch === 10);
    first.child.kill('SIGINT');
    expect(await first.ended, first.stderr).toBe(130);

    disk.remount('ro');
    const refused = run();
    expect(await refused.ended, refused.stderr).toBe(3);
    expect(refused.stderr).toMatch(
      /small\/\S+: got .*\(read-only file system\).*, want a file system that can be written/,
    );
    expect(refused.stderr).not.toMatch(STACK);
    // What is there can still be looked at.
    const table = run('table', 'small');
    expect(await table.ended, table.stderr).toBe(0);

    disk.remount('rw');
    await goesOn(first);
  });

  it('ends with a message when the ledger can no longer be written, and goes on when it can', async ({ skip }) => {
    const sweep = prepare({ name: 'unwritable', epochs: EPOCHS });
    const first = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
    await printed(first, (event) => event.type === 'epoch' && event.epoch === 10);
    if (!forbidWrites(first.child.pid)) skip('there is no prlimit here');
    expect(await first.ended).toBe(3);
    expect(first.stderr).toMatch(
      /l2bn: the ledger cannot be written: .*To go on .* then: l2bn run sweeps\/unwritable$/m,
    );
    expect(first.stderr).not.toMatch(STACK);
    expectAcknowledgedIn(sweep.folder, printedEvents(first));

    const second = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
    await expectUnharmed(sweep, second, await undisturbed(EPOCHS));
    expectAcknowledgedIn(sweep.folder, printedEvents(first));
  });

  it('ends, and its engine host with it, also when nothing in its folder can be removed any more', async ({ skip }) => {
    const sweep = prepare({ name: 'broken-disk', epochs: 20_000 });
    const run = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
    await printed(run, (event) => event.type === 'epoch' && event.epoch === 10);
    const host = hostOf(run);
    if (!forbidRemovals(sweep.folder)) skip('no folder can be made immutable here');
    if (!forbidWrites(run.child.pid)) skip('there is no prlimit here');
    expect(await run.ended).toBe(3);
    expect(run.stderr).toMatch(
      /^l2bn: the ledger cannot be written: .*To go on .* then: l2bn run sweeps\/broken-disk$/m,
    );
    expect(run.stderr).not.toContain('control.sock');
    expect(isGone(host)).toBe(true);
    expectAcknowledgedIn(sweep.folder, printedEvents(run));
  });
});
