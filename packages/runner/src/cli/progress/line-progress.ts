import type { Writable } from 'node:stream';
import { formatDuration, SweepPace, type SweepState, sweepProgress, trialLabel, trialOf } from '@l2bn/core/sweep';
import { githubError, onGithub } from '../errors/github.ts';
import { count } from '../output/plan-text.ts';
import { eventLines } from './event-line.ts';
import { clock, type ProgressView } from './progress.ts';

/** Longest silence, in ms: whoever reads a CI log shall see that the sweep lives. */
const HEARTBEAT_MS = 60_000;

/** Most text that waits for a reader, in bytes; a sweep of days must not keep all of its lines in memory. */
const MAX_WAITING = 1 << 20;

/**
 * Plain lines with the time in front, no control codes: for pipes, CI and the log file. After a minute without one, a line
 * says how far the sweep is. On GitHub Actions, what goes to stderr marks failed trials as errors.
 */
export function lineProgress(stream: Writable): ProgressView {
  const pace = new SweepPace();
  const annotates = stream === process.stderr && onGithub();
  let latest: SweepState | undefined;
  const heartbeat = setInterval(() => {
    if (latest !== undefined) write(Date.now(), progressLine(latest, pace));
  }, HEARTBEAT_MS);
  // A sweep that has ended must not wait for a heartbeat.
  heartbeat.unref();
  let leftOut = 0;
  const write = (at: number, line: string) => {
    heartbeat.refresh();
    if (stream.writableLength > MAX_WAITING) {
      leftOut++;
      return;
    }
    if (leftOut > 0) stream.write(`${clock(at)} … ${count(leftOut, 'line')} left out that nobody read\n`);
    leftOut = 0;
    stream.write(`${clock(at)} ${line}\n`);
  };
  return {
    update(events, state) {
      latest = state;
      for (const recorded of events) {
        pace.observe(recorded, state);
        for (const line of eventLines(recorded, state)) write(recorded.at, line);
        const { event } = recorded;
        if (!annotates || event.type !== 'failed') continue;
        const trial = trialOf(state, event.trial);
        const label = trial === undefined ? event.trial : trialLabel(state.plan, trial);
        stream.write(`${githubError(event.error, { title: `trial failed: ${label}` })}\n`);
      }
    },
    say(line) {
      write(Date.now(), line);
    },
    end() {
      clearInterval(heartbeat);
    },
  };
}

function progressLine(state: SweepState, pace: SweepPace): string {
  const { finished, total, fraction } = sweepProgress(state);
  const left = pace.left(state, Date.now());
  const running = state.trials.filter(({ status }) => status === 'running').length;
  return [
    `${finished}/${total} ended`,
    `${running} running`,
    `${Math.floor(100 * fraction)} % of the steps`,
    ...(left === null ? [] : [`ETA ${formatDuration(left)}`]),
  ].join(' · ');
}
