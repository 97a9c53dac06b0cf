import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialState, type SweepEvent, SweepReducer } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
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
      '\nResults: sweeps/arms (ledger.db, plan.json, sweep.log)\nStopped. To go on: l2bn run FILE --output sweeps/arms\n',
    );
  });

  it('names what failed by its label and its id, below the table', () => {
    const failed: SweepEvent = { type: 'failed', trial, attempt: 1, error: 'too deep', stack: '' };
    const text = outcomeText(stateAfter(leased, failed), { status: 'finished' }, 'sweeps/arms');
    expect(text).toMatch(/^\ncell +n /);
    const again = `l2bn run <sweep file> batchNorm=false l2=0 seeds=1, name=arms-${plan.cells[2]!.id.slice(0, 8)}-s1`;
    expect(text).toContain(`\nfailed: no BN · λ=0 (${trial}): too deep\n  again: ${again}\n`);
    expect(text).toMatch(/\nOnce mended: l2bn retry sweeps\/arms puts back what failed, l2bn run .* then runs it\.\n$/);
  });

  it('fits the table into a terminal, and names the command that shows all of it', () => {
    const failed: SweepEvent = { type: 'failed', trial, attempt: 1, error: 'too deep', stack: '' };
    const text = outcomeText(stateAfter(leased, failed), { status: 'finished' }, 'sweeps/arms', 60);
    const [table = ''] = text.split('\n\n');
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(table).toMatch(/\n… \d+ more columns: l2bn table sweeps\/arms --wide$/);
  });

  it('names the folder by the command that goes on with it, and says why it stopped by itself', () => {
    const folder = join(temporaryFolder(), 'my arms');
    mkdirSync(folder);
    writeFileSync(join(folder, 'source.json'), JSON.stringify({ file: '../arms.yaml', overrides: [] }));
    writeFileSync(join(folder, '../arms.yaml'), '');
    const stopped: SweepEvent = { type: 'phase', phase: 'stopped', detail: 'after 1 failure (--on-failure)' };
    expect(outcomeText(stateAfter(leased, stopped), { status: 'stopped' }, folder)).toMatch(
      /\nStopped after 1 failure \(--on-failure\)\. To go on: l2bn run '.*\/my arms'\n$/,
    );
  });

  it('stays short where many failed', () => {
    const many = planOf({ name: 'many', axes: { l2: [0, 1e-3] }, seeds: 5 });
    const reducer = new SweepReducer(initialState(many));
    for (const [at, { id }] of many.trials.entries()) {
      const base = { trial: id, attempt: 1 };
      reducer.apply({ seq: 2 * at + 1, at, event: { ...base, type: 'leased', worker: 0 } });
      reducer.apply({ seq: 2 * at + 2, at, event: { ...base, type: 'failed', error: 'too deep', stack: '' } });
    }
    const text = outcomeText(reducer.state, { status: 'finished' }, 'sweeps/many');
    expect(text.match(/^failed: /gm)).toHaveLength(6);
    expect(text).toContain('\n… and 4 more failed (l2bn status --json lists all)\n');
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
