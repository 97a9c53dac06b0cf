import { FINISHED_STATUSES, type SweepState } from '@l2bn/core/sweep';

type Counts = SweepState['counts'];

/** Trials for which nothing more is done. */
export const finishedCount = (counts: Counts): number =>
  FINISHED_STATUSES.reduce((sum, status) => sum + counts[status], 0);

/** The endings that a sweep should not keep quiet about, `2 diverged, 3 pruned, 1 failed`; empty when there are none. */
export const endings = (counts: Counts): string =>
  FINISHED_STATUSES.filter((status) => status !== 'done' && counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`)
    .join(', ');
