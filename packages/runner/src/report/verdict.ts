import type { CellSummary } from './cell-summary.ts';

/** A network within this factor of chance has not learned. */
const CHANCE_MARGIN = 1.5;

export const isAtChance = ({ validation, chance }: CellSummary): boolean =>
  validation.accuracy < CHANCE_MARGIN * chance;

export const normRatio = ({ weights }: CellSummary): number => weights.endNorm / weights.startNorm;

/** Half of the way from chance to no error: below it a network has found something, but has not learned its task. */
const hasLearned = ({ validation, chance }: CellSummary): boolean => validation.accuracy > (1 + chance) / 2;

function skill(summary: CellSummary): string {
  if (isAtChance(summary)) return 'at chance';
  return hasLearned(summary) ? 'learned' : 'above chance';
}

/** A cell in a few words. */
export function verdict(summary: CellSummary): string {
  const { n, planned, diverged, pruned, failed, weights } = summary;
  if (n === 0) return diverged > 0 ? 'diverged' : pruned > 0 ? 'pruned' : failed > 0 ? 'failed' : 'no result yet';
  const parts = [skill(summary)];
  if (weights.onlyDecay) parts.push(weights.pureDecay === 1 ? 'weights at rest' : 'nothing but decay');
  if (n < planned) parts.push(`n=${n} of ${planned}${pruned > 0 ? `, ${pruned} pruned` : ''}`);
  return parts.join(', ');
}
