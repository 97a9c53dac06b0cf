import { initialState, type SweepEvent, SweepReducer } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { FOUR_ARMS, planOf } from '../../fixtures/plans.ts';
import { exitCodeOf, outcomeText } from './outcome-report.ts';

const plan = planOf(FOUR_ARMS);
const trial = plan.trials[2]!.id;

function stateAfter(...events: SweepEvent[]) {
  const reducer = new SweepReducer(initialState(plan));
  for (const [at, event] of events.entries()) reducer.apply({ seq: at + 1, at, event });
  return reducer.state;
}

const leased: SweepEvent = { type: 'leased', trial, attempt: 1, worker: 0 };

describe('outcomeText', () => {
  it('shows no table before there is a result', () => {
    expect(outcomeText(stateAfter(leased), { status: 'stopped' }, 'sweeps/arms')).toBe(
      '\nResults: sweeps/arms (ledger.db, plan.json, sweep.log)\nStopped. Run the same command to go on.\n',
    );
  });

  it('names what failed by its label and its id, below the table', () => {
    const failed: SweepEvent = { type: 'failed', trial, attempt: 1, error: 'too deep', stack: '' };
    const text = outcomeText(stateAfter(leased, failed), { status: 'finished' }, 'sweeps/arms');
    expect(text).toMatch(/^\ncell +n /);
    expect(text).toContain(`\nfailed: no BN · λ=0 (${trial}): too deep\n`);
  });
});

describe('exitCodeOf', () => {
  const failed: SweepEvent = { type: 'failed', trial, attempt: 1, error: 'too deep', stack: '' };
  it.each([
    ['finished', undefined, [], 0],
    // The signal came while the last trial ended.
    ['finished', 'SIGINT', [], 0],
    ['finished', 'SIGTERM', [leased, failed], 1],
    ['stopped', undefined, [], 4],
    ['stopped', undefined, [leased, failed], 1],
    ['stopped', 'SIGHUP', [], 129],
    ['stopped', 'SIGINT', [], 130],
    ['stopped', 'SIGTERM', [leased, failed], 143],
  ] as const)('of a sweep that is %s, after %s', (status, signal, events, code) => {
    expect(exitCodeOf(stateAfter(...events), { status }, signal)).toBe(code);
  });

  it('is 3 for what could not train', () => {
    expect(exitCodeOf(stateAfter(), { status: 'broken', reason: 'no TensorFlow' }, undefined)).toBe(3);
  });
});
