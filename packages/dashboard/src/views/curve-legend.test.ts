import { describe, expect, it } from 'vitest';
import { lineStyles } from '../charts/line-style.ts';
import { seedsPlan } from '../fixtures/plans.ts';
import { afterPress, afterSolo, cellsOff, type LegendGroup, trialsWith } from './curve-legend.ts';

const plan = seedsPlan();
const { colours, dashes } = lineStyles(plan, '#000', false);
const [strengths, arms] = [colours as LegendGroup, dashes as LegendGroup];
const none: ReadonlySet<string> = new Set();

describe('legend', () => {
  it('hides an entry and shows it again', () => {
    const hidden = afterPress(none, arms, false);
    expect([...hidden]).toEqual(['batchNorm=false']);
    expect(afterPress(hidden, arms, false)).toEqual(none);
  });

  it('shows one of a group alone, whatever of it was hidden, and leaves the other group as it is', () => {
    const off = afterPress(afterPress(none, arms, true), strengths, 1e-3);
    const alone = afterSolo(off, strengths, 1e-3);
    expect(alone.size).toBe(1 + strengths.entries.length - 1);
    expect(alone.has('l2=0.001')).toBe(false);
    expect(alone.has('batchNorm=true')).toBe(true);
    expect([...afterSolo(alone, strengths, 1e-3)]).toEqual(['batchNorm=true']);
  });

  it('hides the cells of what is off, of both groups', () => {
    expect(cellsOff(plan, none).size).toBe(0);
    expect(cellsOff(plan, new Set(['batchNorm=false'])).size).toBe(8);
    expect(cellsOff(plan, new Set(['batchNorm=false', 'l2=0'])).size).toBe(9);
  });

  it('knows the trials of an entry', () => {
    const trials = trialsWith(plan, 'l2', 1e-3);
    expect(trials).toHaveLength(6);
    const cells = new Map(plan.cells.map((cell) => [cell.id, cell]));
    for (const { id, cell } of plan.trials) expect(trials.includes(id)).toBe(cells.get(cell)!.values.l2 === 1e-3);
  });
});
