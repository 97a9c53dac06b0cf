import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { initialState, type RecordedEvent, type SweepEvent, SweepReducer } from '@l2bn/core/sweep';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FOUR_ARMS, planOf } from '../../fixtures/plans.ts';
import { LaneProgress } from './lane-progress.ts';

const ESCAPE = String.fromCharCode(27);
const TOKENS = /~\[(\d+)A|~\[0J|~\[\?25[hl]|~\[\d+m|\n|[^~\n]+/g;

/**
 * What a terminal shows in the end, with what has scrolled out of it, after moving up and clearing as it was told. `~` stands
 * for the escape character.
 */
function screen(output: string, rows: number): string[] {
  const lines = [''];
  let row = 0;
  for (const [part, up] of output.replaceAll(ESCAPE, '~').matchAll(TOKENS)) {
    // Not past the first row.
    if (up !== undefined) row = Math.max(row - Number(up), lines.length - rows, 0);
    else if (part === '~[0J') lines.splice(row, lines.length, '');
    else if (part === '\n') lines[++row] ??= '';
    else if (!part.startsWith('~')) lines[row] = (lines[row] ?? '') + part;
  }
  return lines;
}

function setUp(columns: number, { rows = 24, running = 1 } = {}) {
  const stream = Object.assign(new PassThrough(), { columns, rows, isTTY: true });
  let output = '';
  stream.on('data', (text) => {
    output += text;
  });
  const plan = planOf({ ...FOUR_ARMS, seeds: 10 });
  const reducer = new SweepReducer(initialState(plan));
  const view = new LaneProgress(stream as unknown as WriteStream, 'http://page');
  let seq = 0;
  const tell = (...events: SweepEvent[]) => {
    const recorded = events.map((event): RecordedEvent => ({ seq: ++seq, at: seq, event }));
    for (const event of recorded) reducer.apply(event);
    view.update(recorded, reducer.state);
  };
  const [first] = plan.trials;
  const base = { trial: first!.id, attempt: 1 };
  tell(
    { type: 'phase', phase: 'running', detail: 'digits' },
    { ...base, type: 'leased', worker: 0 },
    { ...base, type: 'started', worker: 0, totalSteps: 4, stepsPerEpoch: 2, epochs: 2, classes: 10, resumed: null },
    { ...base, type: 'steps', from: 0, crossEntropy: [2.3, 2.2], penalty: [0, 0], accuracy: [0, 0] },
  );
  for (const [worker, { id: trial }] of plan.trials.entries()) {
    if (worker > 0 && worker < running) tell({ type: 'leased', trial, attempt: 1, worker });
  }
  /** What stands there once the block has been painted anew. */
  const lines = () => {
    vi.advanceTimersByTime(100);
    return screen(output, rows || 24);
  };
  return { view, stream, tell, base, lines, written: () => output };
}

describe('LaneProgress', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows a line for the sweep and one for each running trial', () => {
    const { view, lines } = setUp(120);
    view.say('a line above');
    expect(lines()).toEqual([
      'running: digits',
      'a line above',
      'arms  0/40 ended · ETA …  http://page',
      ' w0 █████████········· BN · λ=0 · seed 1  step 2/4  ce 2.200',
      '',
    ]);
    view.end();
  });

  it('never writes a line that wraps: clearing counts lines', () => {
    const { view, lines } = setUp(30);
    view.say('');
    for (const line of lines().slice(2)) expect(line.length).toBeLessThanOrEqual(30);
    view.end();
  });

  it.each([
    [24, 30, 21],
    [24, 22, 22],
    [0, 23, 21],
    [6, 30, 3],
    [3, 30, 0],
    [2, 30, 0],
  ])('paints no more on %d rows than it can paint over: %d trials', (rows, running, shown) => {
    const { view, lines, tell, base } = setUp(120, { rows, running });
    lines();
    tell({ ...base, type: 'steps', from: 2, crossEntropy: [2.1], penalty: [0], accuracy: [0] });
    const [said, head, ...lanes] = lines();
    expect([said, head]).toEqual(['running: digits', expect.stringMatching(/^arms {2}0\/40 ended/)]);
    const hidden = running - shown;
    const isTold = hidden > 0 && rows !== 2;
    expect(lanes.slice(0, -1)).toHaveLength(shown + (isTold ? 1 : 0));
    if (isTold) expect(lanes.at(-2)).toBe(` … and ${hidden} more`);
    view.say('above');
    expect(lines().slice(0, 3)).toEqual(['running: digits', 'above', head]);
    view.end();
    expect(lines()).toEqual(['running: digits', 'above', '']);
  });

  it('takes a terminal that does not know its size for one of 80 columns', () => {
    const { view, lines } = setUp(0);
    expect(lines()[2]).toContain('step 2/4  ce 2.200');
    view.end();
  });

  it('leaves what ended above and nothing of itself', () => {
    const { view, tell, base, lines } = setUp(120);
    tell({ ...base, type: 'done', step: 4, elapsed: 1, weightsHash: '' });
    view.end();
    expect(lines()).toEqual(['running: digits', 'BN · λ=0 · seed 1: done after 4 steps', '']);
  });

  describe('on a terminal that stands still', () => {
    /** Holds what is written from here on, and lets it through. */
    function stall(stream: PassThrough) {
      const transform = stream._transform.bind(stream);
      const held: (() => void)[] = [];
      stream._transform = (...written) => held.push(() => transform(...written));
      return () => {
        stream._transform = transform;
        for (const pass of held) pass();
      };
    }

    it('keeps what is worth it and paints once, as it is then, when it goes on', () => {
      const { view, stream, tell, base, lines, written } = setUp(120);
      lines();
      const goOn = stall(stream);
      const before = written();
      for (let step = 2; step < 4; step++) {
        tell({ ...base, type: 'steps', from: step, crossEntropy: [step], penalty: [0], accuracy: [0] });
        lines();
      }
      view.say('above');
      tell({ ...base, type: 'done', step: 4, elapsed: 1, weightsHash: '' });
      lines();
      expect(stream.writableLength).toBeGreaterThan(0);
      expect(written()).toBe(before);
      goOn();
      expect(lines()).toEqual([
        'running: digits',
        'above',
        'BN · λ=0 · seed 1: done after 4 steps',
        expect.stringMatching(/^arms {2}1\/40 ended/),
        '',
      ]);
      // The frame in which it stopped, the lines, the frame of now.
      expect(written().slice(before.length).split('ended').length - 1).toBe(3);
      view.end();
    });

    it('leaves out what is too much, and says so', () => {
      const { view, stream, lines } = setUp(120);
      lines();
      const goOn = stall(stream);
      view.say('first');
      for (let line = 1; line <= 503; line++) view.say(`line ${line}`);
      goOn();
      const shown = lines();
      expect(shown.slice(1, 4)).toEqual(['first', '… 3 lines more in sweep.log', 'line 4']);
      expect(shown.at(-4)).toBe('line 503');
      view.end();
    });
  });
});
