import { existsSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@l2bn/core';
import { hasEnded } from '@l2bn/core/sweep';
import { expect } from 'vitest';
import { type Command, l2bn } from '../support/command.ts';
import { childrenOf, freeze, isGone, send, thaw } from '../support/processes.ts';
import type { WallClock } from '../support/wall-clock.ts';
import { forbidWrites } from '../support/write-limit.ts';
import { freezeInCheckpoint } from './checkpoint-freeze.ts';
import type { PageWitness } from './page-witness.ts';
import type { RunningTrials } from './running-trials.ts';
import { type PreparedSweep, stateIn } from './sweep.ts';

/** What a fault is done to. */
export interface Victim {
  run: Command;
  sweep: PreparedSweep;
  trials: RunningTrials;
  witness: PageWitness;
  clock: WallClock;
  random: Random;
  /** Resolves when there is nothing more to disturb. */
  over: Promise<unknown>;
}

/** 1 for a `kill -9`, 0 for a fault of another kind, undefined for one that could not be done. */
type Fault = (victim: Victim) => Promise<0 | 1 | undefined>;

const HOUR = 3_600_000;
const LONGEST_STOP_MS = 1_000;

const killHost: Fault = async ({ run, trials }) => {
  const [host] = childrenOf(run.child.pid);
  if (host === undefined || !trials.hostMayDie) return undefined;
  trials.hostDied();
  send('SIGKILL', host);
  return 1;
};

const killCoordinator: Fault = async ({ run }) => (run.child.kill('SIGKILL') ? 1 : undefined);

const killBoth: Fault = async ({ run }) => {
  for (const host of childrenOf(run.child.pid)) send('SIGKILL', host);
  return run.child.kill('SIGKILL') ? 1 : undefined;
};

/** Kills the host, and the coordinator with it or not, while it provably writes a checkpoint: the half-written file stays. */
const killInCheckpoint =
  (alsoCoordinator: boolean): Fault =>
  async ({ run, sweep, trials, over }) => {
    const [host] = childrenOf(run.child.pid);
    if (host === undefined || trials.ids.length === 0 || !(alsoCoordinator || trials.hostMayDie)) return undefined;
    const write = await freezeInCheckpoint(host, sweep.folder, trials.ids, over);
    if (write === undefined) return undefined;
    trials.hostDied();
    if (alsoCoordinator) run.child.kill('SIGKILL');
    send('SIGKILL', host);
    while (!isGone(host)) await nextTurn();
    expect(existsSync(write.file), 'the half-written checkpoint').toBe(true);
    return 1;
  };

/** A laptop that sleeps: everything stands still and goes on. */
const stop =
  (pidOf: (run: Command) => number | undefined): Fault =>
  async ({ run, random }) => {
    const pid = pidOf(run);
    if (pid === undefined || !(await freeze(pid))) return undefined;
    await sleep(random.below(LONGEST_STOP_MS));
    thaw(pid);
    return 0;
  };

const cutPage: Fault = async ({ witness }) => {
  witness.cut();
  return 0;
};

const jumpClock: Fault = async ({ clock, random }) => {
  clock.set((random.below(96) - 48) * HOUR);
  return 0;
};

/** Runs whose ledger cannot be written any more: they are ending, and give their folder back before they are gone. */
const broken = new WeakSet<Command>();

/** Refused: the folder has its writer. Asked only of one that certainly has it. */
const startSecond: Fault = async ({ run, sweep }) => {
  if (run.stdout === '' || broken.has(run)) return undefined;
  if (!(await freeze(run.child.pid!))) return undefined;
  const second = l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
  const code = await second.ended;
  // One that has just finished keeps its page up.
  const why = hasEnded(stateIn(sweep.folder).phase) ? 'has ended, but its page is still up' : 'another l2bn writes';
  thaw(run.child.pid!);
  expect([code, second.stderr]).toEqual([3, expect.stringContaining(why)]);
  return 0;
};

const breakLedger: Fault = async ({ run }) => {
  if (run.stdout === '') return undefined;
  if (!forbidWrites(run.child.pid)) return undefined;
  broken.add(run);
  return 0;
};

/** Each with its share in the draws. */
export const FAULTS: Record<string, { share: number; cause: Fault }> = {
  'host killed': { share: 3, cause: killHost },
  'coordinator killed': { share: 3, cause: killCoordinator },
  'both killed': { share: 1, cause: killBoth },
  'host killed in a checkpoint write': { share: 3, cause: killInCheckpoint(false) },
  'both killed in a checkpoint write': { share: 2, cause: killInCheckpoint(true) },
  'host stopped': { share: 1, cause: stop(({ child }) => childrenOf(child.pid)[0]) },
  'coordinator stopped': { share: 1, cause: stop(({ child }) => child.pid) },
  'page cut off': { share: 1, cause: cutPage },
  'clock set': { share: 1, cause: jumpClock },
  'second coordinator': { share: 1, cause: startSecond },
  'ledger unwritable': { share: 1, cause: breakLedger },
};

export function drawFault(random: Random): string {
  const names = Object.entries(FAULTS).flatMap(([name, { share }]) => Array.from({ length: share }, () => name));
  return names[random.below(names.length)]!;
}
