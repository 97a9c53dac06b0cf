import type { SweepState } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { finishedSweep } from '../fixtures/finished-sweep.ts';
import { FOUR_ARMS } from '../fixtures/plans.ts';
import { articleFindings, formatFindings } from './findings.ts';
import { fittedResultTable, resultTable } from './result-table.ts';

/** What the article and its missing control come to. */
const articleLike = ({ batchNorm, l2 }: { batchNorm: boolean; l2: number }) => {
  if (!batchNorm) return { accuracy: 0.1 };
  return { accuracy: 0.95, ratio: l2 === 0 ? 6 : 3 };
};

/** As if accuracies were measured on so many images, with so many in the commonest class. */
function onImages({ trials }: SweepState, images: number, largestClass: number): void {
  for (const trial of trials) trial.validationSet = { images, largestClass };
}

describe('articleFindings', () => {
  it('finds the three findings and the control', () => {
    const findings = articleFindings(finishedSweep(articleLike));
    expect(findings.map(({ arm, holds }) => [arm, holds])).toEqual([
      ['BN only', true],
      ['L2 only (λ 1e-3)', true],
      ['BN + L2 (λ 1e-3)', true],
      ['neither (the missing control)', true],
    ]);
    expect(findings[1]?.text).toContain('×0.913923; (1−2ηλ)^T is ×0.913923');
    expect(findings[2]?.text).toContain('0.50 of BN only');
    expect(findings[3]?.text).toContain('to the bit');
  });

  it('does not claim what the numbers do not show', () => {
    const holds = (resultOf: Parameters<typeof finishedSweep>[0]) =>
      articleFindings(finishedSweep(resultOf)).map((finding) => finding.holds);
    // The L2-only arm learned, and its weights did more than decay.
    expect(holds((arm) => (!arm.batchNorm && arm.l2 > 0 ? { accuracy: 0.9, ratio: 0.8 } : articleLike(arm)))[1]).toBe(
      false,
    );
    // At chance, but a norm 1e-4 off the closed form: the data moved the weights.
    expect(
      holds((arm) => (!arm.batchNorm && arm.l2 > 0 ? { accuracy: 0.1, ratio: 0.91402 } : articleLike(arm)))[1],
    ).toBe(false);
    // L2 did not make the weights of the BN arm smaller.
    expect(holds((arm) => (arm.batchNorm ? { accuracy: 0.9, ratio: 6 } : articleLike(arm)))[2]).toBe(false);
    // The network trains without BN: then L2 is what stopped the other arm.
    const findings = articleFindings(finishedSweep((arm) => (arm.l2 === 0 ? { accuracy: 0.9 } : articleLike(arm))));
    expect(findings[3]).toMatchObject({ holds: false });
    expect(findings[3]?.text).toContain('so L2 is what stopped');
  });
});

describe('articleFindings of a sweep with more than the four arms', () => {
  const withRates = { ...FOUR_ARMS, axes: { learningRate: [0.01, 0.1], ...FOUR_ARMS.axes } };

  it('compares only what is alike in all else', () => {
    const state = finishedSweep(
      (config) =>
        config.learningRate === 0.1 && config.batchNorm && config.l2 === 0 ? 'diverged' : articleLike(config),
      withRates,
    );
    const findings = articleFindings(state);
    expect(findings.map(({ settings, arm }) => [settings, arm])).toEqual([
      ['learningRate=0.01', 'BN only'],
      ['learningRate=0.01', 'L2 only (λ 1e-3)'],
      ['learningRate=0.01', 'BN + L2 (λ 1e-3)'],
      ['learningRate=0.01', 'neither (the missing control)'],
    ]);
    // 450 steps of 2·0.01·1e-3, not of 2·0.1·1e-3.
    expect(findings[1]?.text).toContain('(1−2ηλ)^T is ×0.991040');
  });

  it('names the cells it compares where there are several groups', () => {
    const lines = formatFindings(articleFindings(finishedSweep(articleLike, withRates))).split('\n');
    expect(lines).toHaveLength(2 * 5);
    expect([lines[0], lines[5]]).toEqual(['  learningRate=0.01', '  learningRate=0.1']);
    expect(lines[1]).toMatch(/^ {4}✓ BN only: validation accuracy 0\.950; /);
    expect(formatFindings(articleFindings(finishedSweep(articleLike)))).toMatch(/^ {2}✓ BN only/);
  });

  it('says nothing where no group has all arms, though the sweep has them', () => {
    const state = finishedSweep(
      (config) => ((config.learningRate === 0.1) === config.batchNorm ? 'diverged' : articleLike(config)),
      withRates,
    );
    expect(articleFindings(state)).toEqual([]);
  });

  it('takes the largest λ that both arms came to the end with', () => {
    const sweep = { ...FOUR_ARMS, axes: { ...FOUR_ARMS.axes, l2: [0, 1e-4, 1e-2, 1] } };
    const findings = articleFindings(
      finishedSweep((config) => (config.batchNorm && config.l2 === 1 ? 'diverged' : articleLike(config)), sweep),
    );
    expect(findings.map(({ arm }) => arm)).toContain('BN + L2 (λ 0.01)');
  });

  it.each([{ optimizer: 'adam' }, { model: 'smallConvNet' }] as const)(
    'says nothing of %o, as the article does',
    (base) => {
      expect(articleFindings(finishedSweep(articleLike, { ...FOUR_ARMS, config: base }))).toEqual([]);
    },
  );

  it('calls at chance what the table does', () => {
    const state = finishedSweep((config) => ({ ...articleLike(config), accuracy: 0.149 }));
    for (const { text } of articleFindings(state)) expect(text).toContain('0.149 (chance is 0.10)');
    expect(resultTable(state).match(/at chance/g)).toHaveLength(4);
    // Of 3,590 images, 0.149 is nine standard deviations above it.
    onImages(state, 3_590, 370);
    for (const { text } of articleFindings(state)) expect(text).toMatch(/^validation accuracy 0\.149; /);
    expect(resultTable(state).match(/above chance/g)).toHaveLength(4);
  });
});

describe('resultTable', () => {
  it.each([
    [37 / 359, 'at chance'],
    [0.151, 'at chance'],
    [0.152, 'above chance'],
    [0.551, 'above chance'],
    [0.552, 'learned'],
  ])('goes by the images that accuracies are measured on: %d of the digits', (accuracy, words) => {
    const state = finishedSweep(() => ({ accuracy, ratio: 2 }));
    onImages(state, 359, 37);
    const lines = resultTable(state).split('\n').slice(2);
    expect(lines.map((line) => line.split(/ {2,}/).at(-1))).toEqual(Array(4).fill(words));
    const chance = words === 'at chance' ? ' (chance is 0.10)' : undefined;
    for (const { text } of articleFindings(state)) expect(/ \(chance is .*?\)/.exec(text)?.[0]).toBe(chance);
  });

  it('takes the commonest class for chance', () => {
    const state = finishedSweep(() => ({ accuracy: 0.9, ratio: 2 }));
    expect(resultTable(state)).toMatch(/ learned$/m);
    onImages(state, 1_000, 900);
    expect(resultTable(state)).toMatch(/ at chance$/m);
    expect(articleFindings(state)[0]?.text).toContain('0.900 (chance is 0.90)');
  });

  it('goes by the images also where an older version has trained the first seed', () => {
    const state = finishedSweep(() => ({ accuracy: 0.149, ratio: 2 }), { ...FOUR_ARMS, seeds: 2 });
    onImages(state, 3_590, 370);
    for (const trial of state.trials) if (trial.seed === 1) trial.validationSet = null;
    expect(resultTable(state)).toMatch(/ above chance$/m);
    expect(resultTable(state)).not.toContain('at chance');
  });

  it('does not take ten weights that nothing reaches for a kernel that nothing reaches', () => {
    // The first weights of a dense layer see the dark border of the images, the others learn.
    const border = ({ batchNorm, l2 }: { batchNorm: boolean; l2: number }) =>
      batchNorm ? { accuracy: 0.95, ratio: 1.0467, printed: l2 === 0 ? 1 : 0.9139 } : { accuracy: 0.1 };
    const lines = resultTable(finishedSweep(border)).split('\n');
    expect(lines[2]).toMatch(/^BN · λ=0 .* learned$/);
    expect(lines[3]).toMatch(/^BN · λ=1e-3 .* learned$/);
  });

  it.each([
    [{ optimizer: 'momentum' }, ['1.000000, weights at rest', '–']],
    [{ optimizer: 'adam' }, ['1.000000, weights at rest', '–']],
    [{ optimizer: 'momentum', momentum: 0 }, ['1.000000, weights at rest', '0.913923, nothing but decay']],
    [{ optimizer: 'adamw' }, ['1.000000, weights at rest', '0.913923, nothing but decay']],
  ] as const)('knows what the penalty alone does under %o', (config, wanted) => {
    const lines = resultTable(finishedSweep(articleLike, { ...FOUR_ARMS, config })).split('\n');
    const told = lines.slice(4).map((line) => {
      const [factor, , words] = line.split(/ {2,}/).slice(-3);
      return words!.replace('at chance', factor!);
    });
    expect(told).toEqual(wanted);
  });

  it('looks at every epoch for what moved the weights, as the page does', () => {
    const state = finishedSweep(articleLike);
    for (const { epochs } of state.trials) {
      const [start, end] = [epochs[0]!, epochs.at(-1)!];
      // Away from the curve in the middle, and back on it.
      epochs.splice(1, 0, { ...end, epoch: 5, step: 225, weights: { ...end.weights, norm: start.weights.norm! * 2 } });
    }
    expect(resultTable(state)).not.toMatch(/nothing but decay|at rest/);
    expect(articleFindings(state)[1]).toMatchObject({ holds: false });
  });

  it('has a line per cell with measured and predicted ratio side by side', () => {
    const lines = resultTable(finishedSweep(articleLike)).split('\n');
    expect(lines).toHaveLength(2 + 4);
    expect(lines[0]).toMatch(/^cell .* start +end +ratio +\(1−2ηλ\)\^T +mean \|first ten\|$/);
    expect(lines[5]).toMatch(/no BN · λ=1e-3 .*0\.913923 +0\.913923 .* at chance, nothing but decay$/);
    expect(lines[4]).toMatch(/no BN · λ=0 .* at chance, weights at rest$/);
    expect(lines[2]).toMatch(/^BN · λ=0 .* learned$/);
  });

  it('has the numbers to compare in 80 columns, and says how many it has left out', () => {
    const { text, leftOut } = fittedResultTable(finishedSweep(articleLike), 80);
    const lines = text.split('\n');
    expect(lines[0]).toMatch(/^cell +n +val acc +‖w‖ ratio +\(1−2ηλ\)\^T$/);
    expect(lines[5]).toMatch(/^no BN · λ=1e-3 .*0\.913923 +0\.913923 .* at chance, nothing but decay$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(leftOut).toBe(6);
  });

  it('is the whole one where there is room for it', () => {
    const state = finishedSweep(articleLike);
    const whole = resultTable(state);
    const width = Math.max(...whole.split('\n').map((line) => line.length));
    expect(fittedResultTable(state, width)).toEqual({ text: whole, leftOut: 0 });
    expect(fittedResultTable(state, width - 1).leftOut).toBeGreaterThan(0);
  });
});
