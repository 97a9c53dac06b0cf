import { formatNumber, type SweepState } from '@l2bn/core/sweep';
import { type CellSummary, summarizeCells } from './cell-summary.ts';
import { matchedArms } from './matched-arms.ts';
import { normRatio } from './verdict.ts';

/** The λ, the network and the optimizer of the article. */
const ARTICLE_L2 = 1e-3;
const ARTICLE_MODEL = 'mobileNetV2';
const ARTICLE_OPTIMIZER = 'sgd';

export interface Finding {
  /** Which of the sweep's cells it compares, `learningRate=0.01`; empty where they differ in nothing but the arms. */
  settings: string;
  /** The arm it is about: `BN only`. */
  arm: string;
  /** Whether the sweep shows what is claimed. */
  holds: boolean;
  text: string;
}

/**
 * The article's three findings and the control that it lacked, from the numbers of a sweep with a `batchNorm` axis and an
 * `l2` axis that holds 0: for each group of cells that are alike in all else and of which the four arms are done. Of other
 * networks and optimizers the article says nothing, nor do these.
 */
export function articleFindings(state: SweepState): Finding[] {
  return matchedArms(summarizeCells(state)).flatMap(({ settings, cells }) => {
    const { model, optimizer } = cells[0]!.cell.config;
    if (model !== ARTICLE_MODEL || optimizer !== ARTICLE_OPTIMIZER) return [];
    return findingsOf(cells.filter(({ n }) => n > 0)).map((finding) => ({ settings, ...finding }));
  });
}

/** Those of cells that differ in nothing but the arm; none while an arm is missing. */
function findingsOf(done: readonly CellSummary[]): Omit<Finding, 'settings'>[] {
  const arm = (batchNorm: boolean, strength: number): CellSummary | undefined =>
    done.find(({ cell }) => cell.config.batchNorm === batchNorm && cell.config.l2 === strength);
  const strengths = done
    .map(({ cell }) => cell.config.l2)
    .filter((strength) => strength > 0 && arm(true, strength) !== undefined && arm(false, strength) !== undefined);
  const l2 = strengths.includes(ARTICLE_L2) ? ARTICLE_L2 : Math.max(...strengths);
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

/** A line for each, below what its cells have in common where the sweep has others. */
export function formatFindings(findings: Finding[]): string {
  return findings
    .flatMap(({ settings, arm, holds, text }, i) => {
      const line = `${settings === '' ? '  ' : '    '}${holds ? '✓' : '✕'} ${arm}: ${text}${holds ? '' : ' (not as in the article)'}`;
      return settings === (findings[i - 1]?.settings ?? '') ? [line] : [`  ${settings}`, line];
    })
    .join('\n');
}

const isAtChance = ({ skill }: CellSummary): boolean => skill === 'at chance';

const accuracy = (summary: CellSummary): string =>
  `validation accuracy ${summary.validation.accuracy.toFixed(3)}${isAtChance(summary) ? ` (chance is ${summary.chance?.toFixed(2)})` : ''}`;

const norms = (summary: CellSummary): string =>
  `‖w‖ ${summary.weights.startNorm.toFixed(2)} → ${summary.weights.endNorm.toFixed(2)}, ×${normRatio(summary).toFixed(6)}`;
