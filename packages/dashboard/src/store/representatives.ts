import type { SweepState, TrialState, TrialStatus } from '@l2bn/core/sweep';
import { arrange } from './arrangement.ts';

/**
 * Indices of trials that stand for the arms of a sweep: for every row of the map, a seed at the control value (an exact 0, or
 * the smallest) and one at the middle of the rest. With λ × BN these are the four arms of the 2 × 2. Of the seeds of a cell it
 * is the first that is done, else the first that runs, else one that has at least begun.
 */
export function representatives({ plan, trials }: Pick<SweepState, 'plan' | 'trials'>, limit = 6): number[] {
  const { columns, rows, cellAt, trialsOf } = arrange(plan);
  const rest = columns.length - 1;
  const wanted = rest > 0 ? [0, 1 + Math.floor(rest / 2)] : [0];
  const chosen = rows.flatMap((_, row) =>
    wanted.flatMap((column) => {
      const cell = cellAt(row, Math.min(column, columns.length - 1));
      const seeds = (cell === undefined ? [] : trialsOf(cell.id)).flatMap((index) => trials[index] ?? []);
      const best = Math.min(...seeds.map(rank));
      return seeds.find((trial) => rank(trial) === best)?.index ?? [];
    }),
  );
  return chosen.slice(0, limit);
}

const RANKS: Record<TrialStatus, number> = {
  done: 0,
  running: 1,
  interrupted: 2,
  leased: 2,
  diverged: 3,
  pruned: 3,
  failed: 3,
  cancelled: 4,
  planned: 4,
};

const rank = ({ status }: TrialState): number => RANKS[status];
