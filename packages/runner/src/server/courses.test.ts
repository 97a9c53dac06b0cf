import type { CourseAnswer, Snapshot } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { ask } from './fixtures/ask.ts';
import { startWithSession } from './fixtures/started-server.ts';
import { type TestSweep, testPlan } from './fixtures/test-sweep.ts';
import type { LiveLimits } from './live-limits.ts';

const EPOCH = {
  learningRate: 0.1,
  train: null,
  validation: { crossEntropy: 1, penalty: 0, accuracy: 0.5 },
  weights: { layer: 'Conv1', values: [0.25, -0.5], norm: 2 },
  elapsed: 5,
};

/** Three trials of two epochs and 100 steps each, of which the first two are done; the fourth has not begun. */
function recordTrials(sweep: TestSweep): void {
  for (const index of [0, 1, 2]) {
    const { id: trial } = sweep.state.trials[index]!;
    sweep.startTrial(index);
    sweep.record({ type: 'epoch', trial, attempt: 1, epoch: 0, step: 0, ...EPOCH });
    sweep.train(index, 100);
    sweep.record({ type: 'epoch', trial, attempt: 1, epoch: 1, step: 100, ...EPOCH });
    if (index < 2) sweep.record({ type: 'done', trial, attempt: 1, step: 100, elapsed: 9, weightsHash: 'ab' });
  }
}

async function serve(limits: Partial<LiveLimits>) {
  const { port, cookie, sweep } = await startWithSession({ limits });
  recordTrials(sweep);
  const get = async (path: string) => {
    const { status, body } = await ask(port, { path, headers: { Cookie: cookie } });
    return { status, body: JSON.parse(body.toString()) };
  };
  const courses = async (query: string) => ((await get(`/api/courses?trials=${query}`)).body as CourseAnswer).courses;
  return { sweep, get, courses, snapshot: async () => (await get('/api/snapshot')).body as Snapshot };
}

describe('a snapshot that would be too large', () => {
  it('has of finished trials how they ended, of others all, and nothing of those that have not begun', async () => {
    const { sweep, snapshot } = await serve({ snapshotBytes: 1_000 });
    const { state, finished } = await snapshot();
    expect({ ...state, trials: [] }).toEqual({ ...sweep.state, trials: [] });
    expect(state.trials).toEqual([sweep.state.trials[2]]);
    expect(finished).toMatchObject({
      index: [0, 1],
      state: { status: ['done', 'done'], step: [100, 100], weightsHash: ['ab', 'ab'], totalSteps: [100_000, 100_000] },
      last: {
        epoch: [1, 1],
        train: [null, null],
        validation: [
          [1, 0, 0.5],
          [1, 0, 0.5],
        ],
        norm: [2, 2],
      },
    });
    expect(Object.keys(finished!.state)).not.toContain('failure');
    // The state that goes on is not what was cut.
    expect(sweep.state.trials[0]!.epochs).toHaveLength(2);
  });

  it('holds everything while it is small', async () => {
    const { sweep, snapshot } = await serve({});
    const { state, finished } = await snapshot();
    expect(finished).toBeUndefined();
    expect(state).toEqual(sweep.state);
  });
});

describe('GET /api/courses', () => {
  it('has what a thin snapshot lacks', async () => {
    const { sweep, courses } = await serve({});
    const pick = (index: number) => {
      const { attempt, epochs, curve } = sweep.state.trials[index]!;
      return { index, attempt, epochs, curve };
    };
    expect(await courses('1,0')).toEqual([pick(1), pick(0)]);
    expect(await courses('3')).toEqual([pick(3)]);
    expect(await courses('4,2')).toEqual([pick(2)]);
    expect(testPlan().trials).toHaveLength(4);
  });

  it('sends as many as fit into one answer, and at least one', async () => {
    const { courses } = await serve({ courseBytes: 8_000 });
    expect((await courses('2,1,0')).map(({ index }) => index)).toEqual([2, 1]);
    const tight = await serve({ courseBytes: 1 });
    expect((await tight.courses('2,1,0')).map(({ index }) => index)).toEqual([2]);
  });

  it.each(['', '?trials=', '?trials=1,,2', '?trials=-1', `?trials=${'1,'.repeat(500)}1`, '?trials=1&x=2'])(
    'refuses %j',
    async (query) => {
      const { get } = await serve({});
      expect((await get(`/api/courses${query}`)).status).toBe(400);
    },
  );
});
