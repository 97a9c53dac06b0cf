import type { SweepPlan } from '@l2bn/core/sweep';
import { arrange } from './arrangement.ts';

/**
 * Indices of trials that stand for the arms of a plan: for every row of the map, the first seed at the control value (an
 * exact 0, or the smallest) and at the middle of the rest. With λ × BN these are the four arms of the 2 × 2.
 */
export function representatives(plan: SweepPlan, limit = 6): number[] {
  const { columns, rows, cellAt, trialsOf } = arrange(plan);
  const rest = columns.length - 1;
  const wanted = rest > 0 ? [0, 1 + Math.floor(rest / 2)] : [0];
  const chosen = rows.flatMap((_, row) =>
    wanted.flatMap((column) => {
      const cell = cellAt(row, Math.min(column, columns.length - 1));
      const index = cell === undefined ? undefined : trialsOf(cell.id)[0];
      return index === undefined ? [] : [index];
    }),
  );
  return chosen.slice(0, limit);
}
