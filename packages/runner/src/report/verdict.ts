import type { CellSummary } from './cell-summary.ts';

export const normRatio = ({ weights }: CellSummary): number => weights.endNorm / weights.startNorm;

/** A cell in a few words. */
export function verdict(summary: CellSummary): string {
  const { n, planned, diverged, pruned, failed, skill, weights } = summary;
  if (skill === null) {
    return diverged > 0 ? 'diverged' : pruned > 0 ? 'pruned' : failed > 0 ? 'failed' : 'no result yet';
  }
  const parts: string[] = [skill];
  if (weights.onlyDecay) parts.push(weights.pureDecay === 1 ? 'weights at rest' : 'nothing but decay');
  if (n < planned) parts.push(`n=${n} of ${planned}${pruned > 0 ? `, ${pruned} pruned` : ''}`);
  return parts.join(', ');
}
