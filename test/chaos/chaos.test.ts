import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@l2bn/core';
import type { RecordedEvent } from '@l2bn/core/sweep';
import { readEvents, readLedger } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { type Command, l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';

/** `npm run chaos` sets more. */
const KILLS = Number(process.env.L2BN_CHAOS_KILLS ?? 20);
const SEED = Number(process.env.L2BN_CHAOS_SEED ?? 1);
/** Longest wait for the next fault, in ms; from the start of training three times out of four, else from the very start. */
const LONGEST_WAIT = 2_000;

/** Long enough that it is not done before the kills are. */
const sweep = (epochs: number): string => `
name: chaos
config:
  model: smallConvNet
  learningRate: 0.05
  epochs: ${epochs}
  data: { source: synthetic, imageSize: 16, channels: 1, classes: 4, images: 400 }
axes: { batchNorm: [true, false], l2: [0, 1e-3] }
workers: 2
`;

const ARGUMENTS = ['run', 'chaos.yaml', '--no-page', '--json'];
const stateIn = (folder: string) => readLedger(join(folder, 'sweeps/chaos')).state;

/** The children of a process: of a coordinator, its engine host. */
function childrenOf({ child }: Command): number[] {
  try {
    const text = execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' });
    return text.trim().split('\n').map(Number);
  } catch {
    return [];
  }
}

function send(signal: NodeJS.Signals, pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch {
    // It has ended by itself in the meantime.
  }
}

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

/** What a run has said to be recorded; a last line that the kill has cut off was not said. */
const acknowledged = ({ stdout }: Command): RecordedEvent[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RecordedEvent);

it(
  `loses nothing in ${KILLS} kills at random moments (seed ${SEED})`,
  async () => {
    const random = new Random(SEED);
    const epochs = 8 + 4 * KILLS;
    const folder = folderWith({ 'chaos.yaml': sweep(epochs) });
    const faults = { coordinator: 0, host: 0, 'stopped coordinator': 0, 'stopped host': 0 };

    let kills = 0;
    while (kills < KILLS) {
      const run = l2bn(ARGUMENTS, { cwd: folder });
      const ended = run.ended.then(() => 'ended' as const);
      const started = random.below(4) === 0 ? Promise.resolve() : isTraining(run);
      while (kills < KILLS) {
        if ((await Promise.race([started, ended])) === 'ended') break;
        if ((await Promise.race([sleep(random.below(LONGEST_WAIT), 'kill' as const), ended])) === 'ended') break;
        kills++;
        const fault = random.below(8);
        if (fault < 3) {
          faults.host++;
          for (const pid of childrenOf(run)) send('SIGKILL', pid);
        } else if (fault < 5) {
          // A laptop that sleeps: everything stands still and goes on.
          const pid = fault === 3 ? run.child.pid : childrenOf(run)[0];
          faults[fault === 3 ? 'stopped coordinator' : 'stopped host']++;
          send('SIGSTOP', pid);
          await sleep(500 + random.below(1500));
          send('SIGCONT', pid);
        } else {
          faults.coordinator++;
          run.child.kill('SIGKILL');
          break;
        }
      }
      if (kills >= KILLS) run.child.kill('SIGKILL');
      await run.ended;
      // Whose host is killed again and again before it is ready gives up, and says so; the next run goes on.
      expect(run.stderr.replace(/^l2bn: the engine host ended before it was ready: signal SIGKILL\s*/, '')).toBe('');
      const ledger = new Map(readEvents(join(folder, 'sweeps/chaos')).map((record) => [record.seq, record]));
      for (const record of acknowledged(run)) expect(ledger.get(record.seq)).toEqual(record);
    }

    const last = l2bn(ARGUMENTS, { cwd: folder });
    expect(await last.ended, last.stderr).toBe(0);
    const records = readEvents(join(folder, 'sweeps/chaos'));
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
    const { trials, counts } = stateIn(folder);
    expect(counts.done).toBe(4);
    for (const { id } of trials) {
      expect(records.filter(({ event }) => event.type === 'done' && event.trial === id)).toHaveLength(1);
    }

    const quiet = folderWith({ 'chaos.yaml': sweep(epochs) });
    expect(await l2bn(ARGUMENTS, { cwd: quiet }).ended).toBe(0);
    const undisturbed = stateIn(quiet).trials;
    expect(trials.map(({ weightsHash }) => weightsHash)).toEqual(undisturbed.map(({ weightsHash }) => weightsHash));
    // Not only the end: every step and every epoch is there, once, with the same numbers.
    expect(trials.map(({ curve }) => curve)).toEqual(undisturbed.map(({ curve }) => curve));
    const withoutTime = (epochsOf: (typeof trials)[number]['epochs']) =>
      epochsOf.map(({ elapsed: _, ...epoch }) => epoch);
    expect(trials.map((trial) => withoutTime(trial.epochs))).toEqual(
      undisturbed.map((trial) => withoutTime(trial.epochs)),
    );
    process.stdout.write(
      `chaos: ${JSON.stringify(faults)}, attempts ${trials.map(({ attempt }) => attempt).join(' ')}\n`,
    );
  },
  60_000 + KILLS * 30_000,
);
