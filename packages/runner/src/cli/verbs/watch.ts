import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded, type RecordedEvent, sweepProgress } from '@l2bn/core/sweep';
import type { Command } from 'commander';
import { LedgerFollower } from '../../ledger/ledger-follower.ts';
import { resumeCommand } from '../advice/resume-command.ts';
import { EXIT, exitCodeOfSignal } from '../exit-codes.ts';
import { isPaintable } from '../output/paintable.ts';
import { onStopSignals } from '../process/stop-signals.ts';
import { isWritten } from '../process/writer-alive.ts';
import { jsonProgress } from '../progress/json-progress.ts';
import { LaneProgress } from '../progress/lane-progress.ts';
import { lineProgress } from '../progress/line-progress.ts';
import type { ProgressView } from '../progress/progress.ts';
import { chosenFolder, shownFolder } from '../target/sweep-folder.ts';
import { examples, exitingWith, FOLDER_ARGUMENT } from './verb.ts';

/** Time between two looks at the ledger, in ms. */
const POLL_MS = 200;
/** Time without events after which it is asked whether anybody still writes, in ms. */
const QUIET_MS = 3_000;
/** Most events that a view gets at a time. */
const BATCH = 1_000;

export function registerWatch(program: Command): void {
  program
    .command('watch')
    .description('follow a sweep that another process runs, until it ends')
    .argument(...FOLDER_ARGUMENT)
    .option('--json', 'all recorded events as JSON lines on stdout, from the first on', false)
    .addHelpText(
      'after',
      `\nCtrl-C ends the watching, not the sweep.\n${examples(
        'l2bn watch',
        'l2bn watch article --json | jq \'select(.event.type == "epoch")\'',
      )}`,
    )
    .action(exitingWith((folder: string | undefined, options: { json: boolean }) => watch(folder, options)));
}

async function watch(named: string | undefined, { json }: { json: boolean }): Promise<number> {
  const folder = chosenFolder(named);
  const follower = new LedgerFollower(folder);
  const abort = new AbortController();
  const end = () => abort.abort();
  const signals = onStopSignals({ first: end, second: end });
  const view = viewOf(json);
  try {
    if (!json) catchUp(follower, view);
    const reason = await follow(follower, view, abort.signal);
    if (reason !== undefined) view.say(reason);
  } finally {
    view.end();
    signals.dispose();
    follower.close();
  }
  if (signals.received !== undefined) return exitCodeOfSignal(signals.received);
  return exitCode(follower);
}

function viewOf(json: boolean): ProgressView {
  if (json) return jsonProgress(process.stdout);
  return isPaintable(process.stderr) ? new LaneProgress(process.stderr) : lineProgress(process.stderr);
}

/** What happened before the watch began is told in one line. */
function catchUp(follower: LedgerFollower, view: ProgressView): void {
  for (const _ of follower.read());
  const { state } = follower;
  const { finished, total } = sweepProgress(state);
  // After `kill -9` the ledger still says that it runs.
  const phase = hasEnded(state.phase) || isWritten(follower.folder) ? state.phase : 'killed';
  view.say(`${state.plan.name}: ${phase}, ${finished}/${total} ended (${shownFolder(follower.folder)})`);
  view.update([], state);
}

/** Shows what comes until the sweep ends; says why, where it did not end by itself. */
async function follow(follower: LedgerFollower, view: ProgressView, signal: AbortSignal): Promise<string | undefined> {
  let lastNews = Date.now();
  let isFirst = true;
  while (!signal.aborted) {
    if (showNews(follower, view)) lastNews = Date.now();
    if (hasEnded(follower.state.phase)) return undefined;
    if (isFirst || Date.now() - lastNews > QUIET_MS) {
      if (follower.isReplaced) return 'another sweep has taken its place in this folder';
      if (!isWritten(follower.folder)) {
        return `no process runs this sweep any more; to go on: ${resumeCommand(follower.folder)}`;
      }
      lastNews = Date.now();
    }
    isFirst = false;
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

/** Whether anything was new. */
function showNews(follower: LedgerFollower, view: ProgressView): boolean {
  let batch: RecordedEvent[] = [];
  let isNews = false;
  for (const { recorded } of follower.read()) {
    isNews = true;
    batch.push(recorded);
    if (batch.length < BATCH) continue;
    view.update(batch, follower.state);
    batch = [];
  }
  if (batch.length > 0) view.update(batch, follower.state);
  return isNews;
}

function exitCode({ state }: LedgerFollower): number {
  const { finished, total } = sweepProgress(state);
  if (finished < total) return EXIT.incomplete;
  return state.counts.failed > 0 ? EXIT.trialsFailed : EXIT.ok;
}
