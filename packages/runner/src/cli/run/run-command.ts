import { dirname, join, resolve } from 'node:path';
import { chooseWorkerCount } from '../../engine/worker-count.ts';
import { LedgerInUseError } from '../../ledger/ledger.ts';
import { type LoadedSweep, loadSweep } from '../../plan/build-plan.ts';
import { placedError } from '../../plan/placed-problems.ts';
import { preflight } from '../../plan/preflight.ts';
import { Coordinator } from '../../schedule/coordinator.ts';
import { resumeCommand } from '../advice/resume-command.ts';
import { folderInUse } from '../errors/folder-in-use.ts';
import { sourceText } from '../target/sweep-source.ts';
import { FolderTraces } from './folder-traces.ts';
import { checkPort } from './live-page.ts';
import type { RunOptions } from './run-options.ts';
import { SetAside, sweepInputs } from './set-aside.ts';
import { attemptsIn, train } from './train.ts';

interface WorkerLimits {
  workers: number;
  maxWorkers: number;
}

/**
 * `l2bn run`: trains what is not done yet, shows it, and says what came out. Returns the exit code. A run that ends before
 * its first trial, however it does, leaves no trace.
 *
 * @throws InputError for a sweep that cannot run.
 */
export async function runCommand(file: string, options: RunOptions): Promise<number> {
  const loaded = await loadSweep(file, options.overrides);
  const baseDirectory = dirname(resolve(file));
  await preflight(loaded, baseDirectory);
  if (options.page && options.port !== undefined) await checkPort(options.port);
  const folder = resolve(options.output ?? join('sweeps', loaded.plan.name));

  const aside = options.fresh ? SetAside.move(folder, sweepInputs(file, loaded.plan, baseDirectory)) : undefined;
  const traces = new FolderTraces(folder);
  let isToStay = false;
  try {
    const limits = workerLimits(loaded, options.workers);
    const coordinator = openCoordinator(loaded, folder, file, { ...options, ...limits });
    const attempts = attemptsIn(coordinator.state);
    const ending = await train(coordinator, loaded, {
      ...options,
      ...limits,
      file,
      folder,
      isNew: !traces.hadLedger,
    }).finally(() => {
      isToStay = attemptsIn(coordinator.state) > attempts;
    });
    isToStay ||= ending.status === 'finished';
    return ending.code;
  } catch (error) {
    if (error instanceof LedgerInUseError) throw folderInUse(folder);
    // The coordinator and its engine know no sweep file.
    throw placedError(error, loaded.place);
  } finally {
    if (!isToStay) await takeBack(traces, aside);
  }
}

/** Trials at the same time, at the start and at most. Taken once: how much memory is free changes. */
function workerLimits({ plan, sweep }: LoadedSweep, asked: number | undefined): WorkerLimits {
  const workers = chooseWorkerCount(plan, asked ?? sweep.workers);
  return { workers, maxWorkers: Math.max(workers, chooseWorkerCount(plan, 'auto')) };
}

function openCoordinator(
  { plan, sweep }: LoadedSweep,
  folder: string,
  file: string,
  options: RunOptions & WorkerLimits,
): Coordinator {
  return new Coordinator({
    plan,
    folder,
    source: sourceText(folder, file, options.overrides),
    resumeCommand: () => resumeCommand(folder),
    baseDirectory: dirname(resolve(file)),
    workers: options.workers,
    maxWorkers: options.maxWorkers,
    retries: sweep.retries,
    hangTimeout: sweep.hangTimeout,
    ...(sweep.pruning === undefined ? {} : { pruning: sweep.pruning }),
    stopAfterFailures: options.onFailure,
  });
}

async function takeBack(traces: FolderTraces, aside: SetAside | undefined): Promise<void> {
  try {
    await traces.remove();
    aside?.putBack();
  } catch (error) {
    // Why the run has ended is more important, and is said after this.
    process.stderr.write(`what this run has made cannot be removed: ${String(error)}\n`);
  }
}
