import { createHash } from 'node:crypto';
import type { PlannedTrial } from '@l2bn/core/sweep';

/**
 * The order in which trials start where a rule compares those that come later with those that were there before: one that has
 * nothing to do with how good they are. In plan order the first values of the file would pass every rung unjudged, and be the
 * bar for all others. It comes from the trials' identities alone, so it is the same however the file is written and wherever a
 * sweep goes on, and trials that are added later fall anywhere among the others.
 */
export function impartialOrder(trials: readonly PlannedTrial[]): PlannedTrial[] {
  const keyed = trials.map((trial) => ({ trial, key: createHash('sha256').update(trial.id).digest('hex') }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ trial }) => trial);
}
