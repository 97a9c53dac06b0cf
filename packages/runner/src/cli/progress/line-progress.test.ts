import { PassThrough } from 'node:stream';
import { initialState, type RecordedEvent, type SweepEvent, SweepReducer } from '@l2bn/core/sweep';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FOUR_ARMS, planOf } from '../../fixtures/plans.ts';
import { lineProgress } from './line-progress.ts';

function setUp(stream = new PassThrough()) {
  let output = '';
  stream.on('data', (text) => {
    output += text;
  });
  const plan = planOf(FOUR_ARMS);
  const reducer = new SweepReducer(initialState(plan));
  const view = lineProgress(stream);
  let seq = 0;
  const tell = (...events: SweepEvent[]) => {
    const recorded = events.map((event): RecordedEvent => ({ seq: ++seq, at: Date.now(), event }));
    for (const event of recorded) reducer.apply(event);
    view.update(recorded, reducer.state);
  };
  const base = { trial: plan.trials[0]!.id, attempt: 1 };
  const lines = () =>
    output
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
  return { view, tell, base, lines };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('lineProgress', () => {
  it('says how far the sweep is after a minute of silence, and not before', () => {
    const { view, tell, lines } = setUp();
    tell({ type: 'phase', phase: 'running' });
    vi.advanceTimersByTime(59_000);
    view.say('a line');
    vi.advanceTimersByTime(59_000);
    expect(lines()).toEqual(['running', 'a line']);
    vi.advanceTimersByTime(1_000);
    expect(lines().at(-1)).toBe('0/4 ended · 0 running · 0 % of the steps');
    view.end();
    vi.advanceTimersByTime(300_000);
    expect(lines()).toHaveLength(3);
  });

  it('leaves lines out while nobody reads, and says how many', () => {
    const stream = new PassThrough();
    stream.cork();
    const { view, lines } = setUp(stream);
    const long = 'x'.repeat(1 << 19);
    for (const line of [long, long, 'one', 'two']) view.say(line);
    stream.uncork();
    view.say('three');
    expect(lines().slice(2)).toEqual(['… 2 lines left out that nobody read', 'three']);
    view.end();
  });

  it('marks failed trials as errors on GitHub Actions, on stderr alone', () => {
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    const stderr = new PassThrough();
    vi.spyOn(process, 'stderr', 'get').mockReturnValue(stderr as unknown as typeof process.stderr);
    const [shown, logged] = [setUp(stderr), setUp()];
    for (const { tell, base } of [shown, logged]) {
      tell({ ...base, type: 'leased', worker: 0 }, { ...base, type: 'failed', error: 'no\nmemory', stack: '' });
    }
    expect(shown.lines()).toContain('::error title=trial failed%3A BN · λ=0::no%0Amemory');
    expect(logged.lines().filter((line) => line.startsWith('::'))).toEqual([]);
  });
});
