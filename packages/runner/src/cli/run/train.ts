import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Control, SweepState } from '@l2bn/core/sweep';
import { writeWhole } from '../../ledger/whole-file.ts';
import type { LoadedSweep } from '../../plan/build-plan.ts';
import { idleKeys } from '../../plan/idle-keys.ts';
import { placedError } from '../../plan/placed-problems.ts';
import { ControlSocket } from '../../schedule/control-socket.ts';
import type { Coordinator } from '../../schedule/coordinator.ts';
import type { Outcome } from '../../schedule/sweep-ending.ts';
import type { LiveServer } from '../../server/index.ts';
import { retryCommand } from '../advice/resume-command.ts';
import { explainSystemError } from '../errors/system-error.ts';
import { isPaintable } from '../output/paintable.ts';
import { count, sizeOf } from '../output/plan-text.ts';
import { onStopSignals, type StopSignals } from '../process/stop-signals.ts';
import { jsonProgress } from '../progress/json-progress.ts';
import { LaneProgress } from '../progress/lane-progress.ts';
import { lineProgress } from '../progress/line-progress.ts';
import type { ProgressView } from '../progress/progress.ts';
import { shownFolder } from '../target/sweep-folder.ts';
import { recordSource } from '../target/sweep-source.ts';
import { KeptPage } from './kept-page.ts';
import { servePage } from './live-page.ts';
import { exitCodeOf, reportOutcome } from './outcome-report.ts';
import type { RunOptions } from './run-options.ts';

export interface TrainOptions extends RunOptions {
  /** Path of the sweep file. */
  file: string;
  folder: string;
  /** Most trials at the same time that can be asked for. */
  maxWorkers: number;
  /** Whether the folder holds no results of earlier runs. */
  isNew: boolean;
}

/** How a run ended, and the exit code that stands for it. */
export interface Ending {
  status: Outcome['status'];
  code: number;
}

/**
 * Runs a sweep with everything around it: control socket, page, logs, progress, signals and report. When it
 * returns, all is closed, the coordinator too.
 */
export async function train(
  coordinator: Coordinator,
  { plan, place }: LoadedSweep,
  options: TrainOptions,
): Promise<Ending> {
  const { folder, file, overrides, page, keep } = options;
  const closers: (() => void | Promise<void>)[] = [() => coordinator.close()];
  const log = sweepLog(folder);
  closers.unshift(() => new Promise<void>((closed) => log.end(() => closed())));
  const views = [lineProgress(log)];
  closers.unshift(() => endAll(views));
  // From the first file on: what a signal interrupts is to be taken back, or closed.
  let signals = stopOnSignals(coordinator, views);
  closers.unshift(() => signals.dispose());
  let kept: KeptPage | undefined;
  const control: Control = (command) => (kept ?? coordinator).control(command);
  try {
    const socket = await ControlSocket.listen(folder, control);
    closers.unshift(() => socket.close());
    const server = page ? await servePage(coordinator, { ...options, control }) : undefined;
    if (server !== undefined) closers.unshift(() => server.close());
    await writeWhole(join(folder, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
    await recordSource(folder, file, overrides);

    views.push(terminalView(options, server));
    coordinator.on('events', (events) => {
      for (const view of views) view.update(events, coordinator.state);
    });
    introduce(coordinator, folder, server, (line) => say(views, line));
    const [warning, ...others] = idleKeys(plan);
    const more = others.length === 0 ? '' : `; and ${others.length} more: l2bn plan`;
    if (warning !== undefined) say(views, `warning: ${warning}${more}`);
    for (;;) {
      const outcome = await coordinator.run().catch(async (error: unknown) => {
        // Without a reason pages would take it for a sweep that somebody has stopped.
        await server?.close(oneLine(placedError(error, place)));
        throw error;
      });
      endAll(views);
      signals.dispose();

      conclude(coordinator.state, outcome, options);
      if (outcome.status === 'broken') await server?.close(outcome.reason);
      const ending = { status: outcome.status, code: exitCodeOf(coordinator.state, outcome, signals.received) };
      // Whoever has stopped a sweep that was at its end anyway does not wait for its page to be left.
      const isLeft = outcome.status !== 'finished' || signals.received !== undefined || coordinator.isAskedToEnd;
      if (isLeft || server === undefined || !(keep ?? process.stderr.isTTY === true)) return ending;
      kept = new KeptPage(coordinator);
      if ((await kept.stay(server.link)) === 'left') return ending;

      kept = undefined;
      signals = stopOnSignals(coordinator, views);
      views.push(lineProgress(log), terminalView(options, server));
      const { counts } = coordinator.state;
      say(views, `put back: ${count(counts.planned, 'trial')}; going on`);
    }
  } finally {
    await closeAll(closers);
  }
}

/** For pages what the terminal says of it, where every problem has a line of its own. */
const oneLine = (error: unknown): string => (error as Error).message.split('\n').join('; ');

/** One that cannot be closed must not keep the others open: the engine host would live on. */
async function closeAll(closers: readonly (() => void | Promise<void>)[]): Promise<void> {
  for (const close of closers) {
    try {
      await close();
    } catch (error) {
      process.stderr.write(`l2bn: ${explainSystemError(error) ?? String(error)}\n`);
    }
  }
}

/** Attempts at all trials so far: they grow as soon as a run starts one. */
export const attemptsIn = ({ trials }: SweepState): number => trials.reduce((sum, { attempt }) => sum + attempt, 0);

function sweepLog(folder: string): WriteStream {
  const log = createWriteStream(join(folder, 'sweep.log'), { flags: 'a' });
  // A log that cannot be written is no reason to stop training; the ledger says all of it.
  log.on('error', (error) => process.stderr.write(`sweep.log ends here: ${error.message}\n`));
  return log;
}

function stopOnSignals(coordinator: Coordinator, views: readonly ProgressView[]): StopSignals {
  return onStopSignals({
    first: () => {
      say(views, 'stopping: the running steps end first; Ctrl-C again to kill them, or 10 s');
      coordinator.stop();
    },
    second: () => coordinator.kill(),
    overdue: () => {
      say(views, 'killing the engine host: the running steps have not ended in 10 s');
      coordinator.kill('killed, because it did not stop in 10 s');
    },
  });
}

function terminalView({ json }: RunOptions, server: LiveServer | undefined): ProgressView {
  if (json) return jsonProgress(process.stdout, process.stderr);
  return isPaintable(process.stderr) ? new LaneProgress(process.stderr, server?.link) : lineProgress(process.stderr);
}

function introduce(
  coordinator: Coordinator,
  folder: string,
  server: LiveServer | undefined,
  sayIt: (line: string) => void,
): void {
  const { plan, counts } = coordinator.state;
  sayIt(`${plan.name}: ${sizeOf(plan)} → ${shownFolder(folder)}`);
  const before = plan.trials.length - counts.planned;
  if (coordinator.isComplete) sayIt(`${completeText(coordinator.state, folder)}; nothing is run again`);
  else if (before > 0)
    sayIt(`${count(before, 'trial')} ${before === 1 ? 'was' : 'were'} started before; going on from there`);
  if (server !== undefined) sayIt(`page: ${server.link}`);
}

function completeText({ counts, plan }: SweepState, folder: string): string {
  if (counts.failed === 0) return 'every trial has its result already';
  return `${counts.failed} of ${count(plan.trials.length, 'trial')} failed (${retryCommand(folder)} puts back what failed), none is left`;
}

function conclude(state: SweepState, outcome: Outcome, { json, folder, isNew }: TrainOptions): void {
  if (outcome.status === 'broken') process.stderr.write(`l2bn: ${outcome.reason}\n`);
  if (isNew && attemptsIn(state) === 0) process.stderr.write('no trial was started: nothing is kept\n');
  else if (!json) reportOutcome(state, outcome, folder);
}

function say(views: readonly ProgressView[], line: string): void {
  for (const view of views) view.say(line);
}

function endAll(views: ProgressView[]): void {
  for (const view of views.splice(0)) view.end();
}
