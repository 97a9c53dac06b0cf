import type { WriteStream } from 'node:tty';
import {
  formatDuration,
  type RecordedEvent,
  SweepPace,
  type SweepState,
  sweepProgress,
  type TrialState,
  trialLabel,
} from '@l2bn/core/sweep';
import { fixedNumber } from '../../report/fixed-number.ts';
import { type Colors, colorsFor } from '../output/colors.ts';
import { count } from '../output/plan-text.ts';
import { eventLines } from './event-line.ts';
import type { ProgressView } from './progress.ts';

const BAR_WIDTH = 18;
/** What is worth a line beside the lanes. */
const SAID: ReadonlySet<string> = new Set([
  'done',
  'diverged',
  'pruned',
  'failed',
  'interrupted',
  'checkpointFailed',
  'phase',
]);
/** Least time between two repaints, in ms: a terminal over a network keeps up with ten a second. */
const REPAINT_MS = 100;
/** Most lines that wait for a terminal that nobody reads. */
const MAX_UNSAID = 500;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_BELOW = '\u001b[0J';

/**
 * A block that is painted over in place: one line for the sweep, one for each worker. What is worth keeping — a trial
 * that ended — scrolls by above it. While the terminal stands still (Ctrl-S, a stalled connection) nothing is painted, so that
 * it shows what is then when it goes on, and not all that was.
 */
export class LaneProgress implements ProgressView {
  private readonly stream: WriteStream;
  private readonly link: string | undefined;
  private readonly pace = new SweepPace();
  private readonly colors: Colors;
  private state: SweepState | undefined;
  /** The block as it stands on the screen. */
  private painted: string[] = [];
  /** Lines for above the block that the terminal has not been given. */
  private unsaid: string[] = [];
  private leftOut = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly showCursor = () => this.stream.write(SHOW_CURSOR);

  constructor(stream: WriteStream, link?: string) {
    this.stream = stream;
    this.link = link;
    this.colors = colorsFor(stream);
    stream.write(HIDE_CURSOR);
    // A crash must not leave the terminal without a cursor.
    process.once('exit', this.showCursor);
  }

  update(events: RecordedEvent[], state: SweepState): void {
    this.state = state;
    for (const event of events) this.pace.observe(event, state);
    const kept = events.filter(({ event }) => SAID.has(event.type));
    for (const event of kept) for (const line of eventLines(event, state)) this.say(line);
    this.repaintSoon();
  }

  say(line: string): void {
    this.unsaid.push(line);
    if (this.unsaid.length > MAX_UNSAID) {
      this.unsaid.shift();
      this.leftOut++;
    }
    if (this.standsStill) this.repaintSoon();
    else this.sayUnsaid();
  }

  end(): void {
    clearTimeout(this.timer);
    this.sayUnsaid();
    this.erase();
    this.showCursor();
    process.removeListener('exit', this.showCursor);
  }

  /** Whether the terminal has not yet taken what it was given. */
  private get standsStill(): boolean {
    return this.stream.writableLength > 0;
  }

  private repaintSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (this.standsStill) this.repaintSoon();
      else this.paint();
    }, REPAINT_MS);
  }

  private sayUnsaid(): void {
    if (this.unsaid.length === 0) return;
    // The block as it was, below the lines; what has changed in it comes with the next repaint, at most ten times a second.
    const block = this.painted;
    const gap = this.leftOut === 0 ? [] : [`… ${count(this.leftOut, 'line')} more in sweep.log`];
    this.erase();
    this.stream.write(`${[...gap, ...this.unsaid, ...block].join('\n')}\n`);
    this.painted = block;
    this.unsaid = [];
    this.leftOut = 0;
  }

  private paint(): void {
    this.sayUnsaid();
    if (this.state === undefined) return;
    this.erase();
    // A pseudo-terminal without a size says 0.
    const { columns, rows } = this.stream;
    const [head = '', ...lanes] = fitted(this.lines(this.state), rows || 24).map((line) => clip(line, columns || 80));
    this.painted = [this.colors.bold(head), ...lanes];
    this.stream.write(`${this.painted.join('\n')}\n`);
  }

  private erase(): void {
    if (this.painted.length > 0) this.stream.write(`\u001b[${this.painted.length}A${CLEAR_BELOW}`);
    this.painted = [];
  }

  private lines(state: SweepState): string[] {
    const { finished, total } = sweepProgress(state);
    const left = this.pace.left(state, Date.now());
    const { failed, diverged, pruned } = state.counts;
    const head = [
      `${state.plan.name}  ${finished}/${total} ended`,
      ...(diverged > 0 ? [`${diverged} diverged`] : []),
      ...(pruned > 0 ? [`${pruned} pruned`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      state.phase === 'running' ? `ETA ${left === null ? '…' : formatDuration(left)}` : state.phase,
    ].join(' · ');
    const running = state.trials.filter(({ status }) => status === 'running' || status === 'leased');
    const lanes = running.sort((a, b) => (a.worker ?? 0) - (b.worker ?? 0)).map((trial) => this.lane(trial, state));
    return [`${head}${this.link === undefined ? '' : `  ${this.link}`}`, ...lanes];
  }

  private lane(trial: TrialState, state: SweepState): string {
    const share = trial.totalSteps === 0 ? 0 : trial.step / trial.totalSteps;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = '█'.repeat(filled) + '·'.repeat(BAR_WIDTH - filled);
    const last = trial.curve.crossEntropy.at(-1);
    const accuracy = trial.epochs.at(-1)?.validation.accuracy;
    const parts = [
      ` w${trial.worker ?? '?'} ${bar} ${trialLabel(state.plan, trial)}`,
      `step ${trial.step}/${trial.totalSteps}`,
      ...(typeof last === 'number' ? [`ce ${fixedNumber(last, 3)}`] : []),
      ...(typeof accuracy === 'number' ? [`val acc ${accuracy.toFixed(3)}`] : []),
    ];
    return parts.join('  ');
  }
}

/** As many lines as can be painted over: the cursor, below them, does not go up past the first row of the screen. */
function fitted(lines: readonly string[], rows: number): readonly string[] {
  const room = Math.max(1, rows - 1);
  if (lines.length <= room) return lines;
  const kept = Math.max(1, room - 1);
  return [...lines.slice(0, kept), ` … and ${lines.length - kept} more`].slice(0, room);
}

/** A line that wraps would be counted as one and leave its rest on the screen. */
const clip = (line: string, columns: number): string =>
  line.length > columns ? `${line.slice(0, columns - 1)}…` : line;
