import type { CourseAnswer, SweepState } from '@l2bn/core/sweep';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { manySweep, stateAfter } from '../fixtures/sweeps.ts';
import { thinCopy } from '../fixtures/thin-state.ts';
import { SweepStore } from '../store/sweep-store.ts';
import { CourseLoader } from './course-loader.ts';

const RETRY_AFTER = 5_000;
const whole = stateAfter(manySweep(5));
let store: SweepStore;
let asked: number[][];
let answer: (indices: number[]) => Response | Promise<Response>;
let loader: CourseLoader;

const send: typeof fetch = async (input) => {
  const url = new URL(String(input));
  expect(url.pathname).toBe('/api/courses');
  const indices = url.searchParams.get('trials')!.split(',').map(Number);
  asked.push(indices);
  return answer(indices);
};
const courses = (state: SweepState, indices: number[]) =>
  Response.json({ courses: indices.flatMap((index) => state.trials[index] ?? []) } satisfies CourseAnswer);

beforeEach(() => {
  store = new SweepStore((callback) => queueMicrotask(callback));
  asked = [];
  answer = (indices) => courses(whole, indices);
  loader = new CourseLoader(store, 'http://sweep.test/', { fetch: send, retryAfter: RETRY_AFTER });
  store.load(thinCopy(whole), true);
});

const idle = () => vi.waitFor(() => expect(store.courses.isWaiting).toBe(false), { timeout: 15_000, interval: 3 });

describe('CourseLoader', () => {
  it('fetches what is wanted in as many requests as it takes, and tells of it', async () => {
    const changed = new Set<string>();
    store.addEventListener('change', (event) => {
      for (const id of (event as CustomEvent<{ trials: Set<string> }>).detail.trials) changed.add(id);
    });
    store.courses.want(store.state!.trials);
    await idle();
    expect(asked.map(({ length }) => length)).toEqual([300, 200]);
    expect(store.state).toEqual(whole);
    expect(changed.size).toBe(500);
  });

  it('asks again for what did not fit into an answer', async () => {
    answer = (indices) => courses(whole, indices.slice(0, 2));
    store.courses.want(store.state!.trials.slice(0, 5));
    await idle();
    expect(asked).toEqual([[0, 1, 2, 3, 4], [2, 3, 4], [4]]);
    expect(store.state!.trials[4]).toEqual(whole.trials[4]);
  });

  it('ends at a failure, and goes on when told', async () => {
    answer = () => Promise.reject(new TypeError('not reachable'));
    store.courses.want(store.state!.trials.slice(0, 3));
    await loader.load();
    answer = () => new Response(null, { status: 503 });
    await loader.load();
    expect(asked).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    answer = (indices) => courses(whole, indices);
    await loader.load();
    expect(store.courses.isWaiting).toBe(false);
    expect(store.state!.trials[2]).toEqual(whole.trials[2]);
  });

  it.each([
    ['does not reach the server', () => Promise.reject(new TypeError('not reachable'))],
    ['is refused', () => Promise.resolve(new Response(null, { status: 503 }))],
  ])('tries again after a while where a request %s, and no more once all is there', async (_, fail) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    answer = fail;
    store.courses.want(store.state!.trials.slice(0, 3));
    await vi.advanceTimersByTimeAsync(RETRY_AFTER - 1);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(RETRY_AFTER);
    expect(asked).toHaveLength(2);
    answer = (indices) => courses(whole, indices);
    await loader.load();
    expect(store.state!.trials[2]).toEqual(whole.trials[2]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up an answer that does not come, and asks again', async () => {
    const patient = new SweepStore(() => {});
    const signals: AbortSignal[] = [];
    new CourseLoader(patient, 'http://sweep.test/', {
      giveUpAfter: 5,
      retryAfter: 5,
      fetch: (input, init) => {
        const signal = init!.signal!;
        signals.push(signal);
        if (signals.length > 1) return send(input, init);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    patient.load(thinCopy(whole), true);
    patient.courses.want(patient.state!.trials.slice(0, 3));
    await vi.waitFor(() => expect(patient.courses.isWaiting).toBe(false), { timeout: 15_000, interval: 3 });
    expect(signals[0]!.aborted).toBe(true);
    expect(patient.state!.trials[2]).toEqual(whole.trials[2]);
  });

  it('asks not for ever for what the server does not have', async () => {
    answer = () => courses(whole, []);
    store.courses.want(store.state!.trials.slice(0, 3));
    await idle();
    expect(asked).toHaveLength(1);
  });

  it('drops an answer that another snapshot has overtaken', async () => {
    const late = { ...whole, trials: whole.trials.map((trial) => ({ ...trial, epochs: [] })) };
    answer = (indices) => {
      store.load(thinCopy(whole), true);
      return courses(late, indices);
    };
    store.courses.want(store.state!.trials.slice(0, 3));
    await idle();
    expect(store.state!.trials[0]!.epochs).toHaveLength(1);
  });
});
