import { formatNumber, type SweepState } from '@l2bn/core/sweep';
import { type CellSummary, summarizeCells } from './cell-summary.ts';
import { isAtChance, normRatio } from './verdict.ts';

/** The λ and the network of the article. */
const ARTICLE_L2 = 1e-3;
const ARTICLE_MODEL = 'mobileNetV2';

export interface Finding {
  /** The arm it is about: `BN only`. */
  arm: string;
  /** Whether the sweep shows what is claimed. */
  holds: boolean;
  text: string;
}

/**
 * The article's three findings and the control that it lacked, from the numbers of a sweep with a `batchNorm` axis and an
 * `l2` axis that holds 0. Empty for any other sweep or network — of those the article says nothing — or while the four
 * arms are not all done.
 */
export function articleFindings(state: SweepState): Finding[] {
  const done = summarizeCells(state).filter(({ n, cell }) => n > 0 && cell.config.model === ARTICLE_MODEL);
  const strengths = done.map(({ cell }) => cell.config.l2).filter((l2) => l2 > 0);
  const l2 = strengths.includes(ARTICLE_L2) ? ARTICLE_L2 : Math.max(...strengths);
  const arm = (batchNorm: boolean, strength: number): CellSummary | undefined =>
    done.find(({ cell }) => cell.config.batchNorm === batchNorm && cell.config.l2 === strength);
  const [bn, l2Only, both, neither] = [arm(true, 0), arm(false, l2), arm(true, l2), arm(false, 0)];
  if (bn === undefined || l2Only === undefined || both === undefined || neither === undefined) return [];
  const lambda = formatNumber(l2);
  return [
    {
      arm: 'BN only',
      holds: !isAtChance(bn),
      text: `${accuracy(bn)}; ${norms(bn)}`,
    },
    {
      arm: `L2 only (λ ${lambda})`,
      holds: isAtChance(l2Only) && l2Only.weights.onlyDecay,
      text: `${accuracy(l2Only)}; ${norms(l2Only)}; (1−2ηλ)^T is ×${l2Only.weights.pureDecay.toFixed(6)}: ${
        l2Only.weights.onlyDecay
          ? 'the weights feel the penalty and nothing else'
          : 'the data moved the weights as well'
      }`,
    },
    {
      arm: `BN + L2 (λ ${lambda})`,
      holds: !isAtChance(both) && both.weights.endNorm < bn.weights.endNorm,
      text: `${accuracy(both)}; ${norms(both)}, ${(both.weights.endNorm / bn.weights.endNorm).toFixed(2)} of BN only`,
    },
    {
      arm: 'neither (the missing control)',
      holds: isAtChance(neither),
      text: `${accuracy(neither)}; ${neither.weights.unchanged ? 'the printed weights are as at the start, to the bit' : norms(neither)}: ${cause(neither, l2Only)}`,
    },
  ];
}

/** What the control says about the arm with L2 only. */
function cause(neither: CellSummary, l2Only: CellSummary): string {
  if (isAtChance(neither)) {
    return 'without BN this network does not train from its initialisation, so L2 is not what stopped "L2 only"';
  }
  return isAtChance(l2Only)
    ? 'without BN this network trains, so L2 is what stopped "L2 only"'
    : 'this network trains without BN, with L2 and without';
}

export function formatFindings(findings: Finding[]): string {
  return findings
    .map(({ arm, holds, text }) => `  ${holds ? '✓' : '✕'} ${arm}: ${text}${holds ? '' : ' (not as in the article)'}`)
    .join('\n');
}

const accuracy = ({ validation, chance }: CellSummary): string =>
  `validation accuracy ${validation.accuracy.toFixed(3)}${validation.accuracy < 1.5 * chance ? ` (chance is ${chance.toFixed(2)})` : ''}`;

const norms = (summary: CellSummary): string =>
  `‖w‖ ${summary.weights.startNorm.toFixed(2)} → ${summary.weights.endNorm.toFixed(2)}, ×${normRatio(summary).toFixed(6)}`;
