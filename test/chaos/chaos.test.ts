import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@l2bn/core';
import { expect, it } from 'vitest';
import { type Command, l2bn } from '../support/command.ts';
import { printedEvents } from '../support/recorded.ts';
import { WallClock } from '../support/wall-clock.ts';
import { SLOW_DISK } from './checkpoint-freeze.ts';
import { drawFault, FAULTS } from './faults.ts';
import { PageWitness } from './page-witness.ts';
import { RunningTrials } from './running-trials.ts';
import {
  expectAcknowledgedIn,
  expectEveryTrialOnce,
  type PreparedSweep,
  prepare,
  results,
  stateIn,
  undisturbed,
} from './sweep.ts';

/** `npm run chaos` sets more. */
const KILLS = Number(process.env.L2BN_CHAOS_KILLS ?? 20);
/** The short form is the same every time; the long one is told by its seed. */
const SEED = Number(process.env.L2BN_CHAOS_SEED ?? (KILLS <= 20 ? 1 : randomInt(2 ** 31)));
/** Some seconds of training: one round of kills. */
const EPOCHS = 40;
/** Longest wait for the next fault, in ms; from the start of training three times out of four, else from the very start. */
const LONGEST_WAIT = 500;

const NOTHING_KEPT = /^no trial was started: nothing is kept$/m;
const NOT_REMOVED = /^what this run has made cannot be removed: .*$/m;
/** What a run may say of the faults that it was put through. */
const EXPECTED_WORDS = [
  // With what it had printed, to the end.
  /^l2bn: the engine host ended before it was ready: signal SIGKILL\n[\s\S]*/m,
  /^l2bn: the ledger cannot be written: .*$/m,
  /^sweep\.log ends here: EFBIG.*$/m,
  NOTHING_KEPT,
  NOT_REMOVED,
  /^The page stays at .* until Ctrl-C\.$/m,
  // Notes beside the events: name and folder, the link of the page, that it is stopping.
  /^\d\d:\d\d:\d\d .*$/gm,
];

it(
  `loses nothing in ${KILLS} kills at random moments (L2BN_CHAOS_SEED=${SEED})`,
  async () => {
    const random = new Random(SEED);
    const clock = new WallClock();
    const witness = await PageWitness.create();
    const counts = Object.fromEntries(Object.keys(FAULTS).map((name) => [name, 0]));
    const reference = await undisturbed(EPOCHS);
    let kills = 0;
    let comparisons = 0;

    /** Disturbs a run until it ends, is finished or has had enough. */
    async function disturb(sweep: PreparedSweep, run: Command, finished: Promise<'finished'>): Promise<void> {
      const trials = new RunningTrials(run);
      const over = Promise.race([run.ended, finished]).then(() => 'over' as const);
      if (random.below(4) > 0 && (await Promise.race([isTraining(run), over])) === 'over') return;
      while (kills < KILLS) {
        if ((await Promise.race([sleep(random.below(LONGEST_WAIT)), over])) === 'over') return;
        const name = drawFault(random);
        const done = await FAULTS[name]!.cause({ run, sweep, trials, witness, clock, random, over });
        if (done === undefined) continue;
        counts[name]!++;
        kills += done;
        if (done === 1 && kills % 10 === 0) say(`${kills} of ${KILLS} kills`);
      }
    }

    /** One coordinator from its start to its end; true if the sweep is finished then. */
    async function oneRun(sweep: PreparedSweep, name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
      const run = l2bn([...sweep.arguments, '--port', '0', '--keep'], { cwd: sweep.cwd, env });
      const finished = run.saw(/The page stays at/).then(
        () => 'finished' as const,
        () => new Promise<never>(() => {}),
      );
      const followed = witness.follow(run, sweep.folder);
      // The page is opened once, with a server behind it that lives.
      if (kills === 0) await followed;
      await disturb(sweep, run, finished);
      const isFinished = (await Promise.race([finished, run.ended])) === 'finished';
      if (isFinished) {
        await followed;
        await witness.hasPassed(name, stateIn(sweep.folder).seq);
        expect(await witness.expectTrue(name, sweep.folder)).toBe(true);
        run.child.kill('SIGINT');
      }
      const code = await run.ended;
      expect(isFinished ? [0] : [null, 3], run.stderr).toContain(code);
      await followed;
      const surprising = EXPECTED_WORDS.reduce((text, words) => text.replace(words, ''), run.stderr).trim();
      expect(surprising).toBe('');
      if (NOTHING_KEPT.test(run.stderr) && !NOT_REMOVED.test(run.stderr)) {
        // The one case in which a ledger goes: a new sweep that never got as far as a trial.
        expect(existsSync(join(sweep.folder, 'ledger.db'))).toBe(false);
        expect(printedEvents(run).filter(({ event }) => event.type !== 'phase')).toEqual([]);
        witness.forget(name);
        return false;
      }
      expectAcknowledgedIn(sweep.folder, printedEvents(run));
      if (await witness.expectTrue(name, sweep.folder)) comparisons++;
      return isFinished;
    }

    for (let round = 1; kills < KILLS; round++) {
      const name = `chaos-${round}`;
      const sweep = prepare({ name, epochs: EPOCHS });
      // Every other round, from the first on, on a disk on which a checkpoint is sure to be caught half-written.
      const slowDisk = round % 2 === 1 ? ` ${SLOW_DISK.NODE_OPTIONS}` : '';
      const env = { ...clock.env, NODE_OPTIONS: `${clock.env.NODE_OPTIONS}${slowDisk}` };
      let runs = 1;
      while (!(await oneRun(sweep, name, env))) runs++;
      expectAcknowledgedIn(sweep.folder, witness.acknowledged(name));
      expectEveryTrialOnce(sweep.folder);
      // Not only the end: every step and every epoch is there, once, with the same numbers.
      expect(results(sweep.folder)).toEqual(reference);
      const attempts = stateIn(sweep.folder).trials.map(({ attempt }) => attempt);
      say(`round ${round}: ${runs} runs, attempts ${attempts.join(' ')}`);
    }

    witness.expectNoErrors();
    expect(comparisons).toBeGreaterThan(0);
    const torn = counts['host killed in a checkpoint write']! + counts['both killed in a checkpoint write']!;
    expect(torn).toBeGreaterThan(0);
    say(
      `${Object.entries(counts)
        .flatMap(([name, n]) => (n === 0 ? [] : `${n} × ${name}`))
        .join(', ')}`,
    );
    say(`the page's state compared with the ledger's ${comparisons} times; ${witness.frames.batch} batches sent to it`);
  },
  120_000 + KILLS * 30_000,
);

/** Resolves when a trial has started. */
function isTraining(run: Command): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!run.stdout.includes('"type":"started"')) return;
      run.child.stdout.off('data', look);
      resolve();
    };
    run.child.stdout.on('data', look);
    look();
  });
}

const say = (text: string): void => {
  process.stdout.write(`chaos (L2BN_CHAOS_SEED=${SEED}): ${text}\n`);
};
