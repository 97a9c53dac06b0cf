import { trialLabel } from '@l2bn/core/sweep';
import { beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { mount, type PageFixture, pageFixture } from '../fixtures/page-fixture.ts';
import { articlePlan } from '../fixtures/plans.ts';
import { recordSweep } from '../fixtures/record-sweep.ts';
import { articleSweep, manySweep, mixedSweep, prunedSweep, seedsSweep, stateAfter } from '../fixtures/sweeps.ts';
import { thinCopy } from '../fixtures/thin-state.ts';
import type { CurvesPanel } from './curves-panel.ts';
import './curves-panel.ts';

const sweep = seedsSweep();
let model: PageFixture;

beforeEach(async () => {
  model = pageFixture(sweep, 0.55);
  await mount<CurvesPanel>('l2bn-curves-panel', model);
});

const chart = (name: string) => page.getByRole('application', { name });

/** Share of the plot's pixels that something is drawn on. */
function inked(name: string, selector: string): number {
  const canvas = chart(name).element().querySelector<HTMLCanvasElement>(selector)!;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i]! > 40) count++;
  return count / (data.length / 4);
}

describe('l2bn-curves', () => {
  it('draws the started trials and says how many and what is missing', async () => {
    await expect.element(page.getByText(/^28 of 48 trials by step · ⌃\s2 off scale · ✕\s2\sdiverged$/)).toBeVisible();
    await expect.poll(() => inked('Training cross-entropy', 'canvas')).toBeGreaterThan(0.02);
  });

  it('draws on as events come', async () => {
    model.playTo(1);
    await expect.element(page.getByText(/^48 of 48 trials/).first()).toBeVisible();
  });

  it('says so while there is nothing to draw', async () => {
    await mount<CurvesPanel>('l2bn-curves-panel', pageFixture(sweep, 0));
    await expect.element(page.getByText('no data yet').first()).toBeVisible();
  });

  it('walks along and between curves by keyboard, and tells where it is', async () => {
    (chart('Validation accuracy').element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowLeft}');
    await expect.element(page.getByText(/^step 540: 0\.\d{3}$/)).toBeVisible();
    await expect.element(page.getByText('λ=0 · BN · seed 0', { exact: true })).toBeVisible();
    await userEvent.keyboard('{ArrowDown}{ArrowLeft}');
    await expect.element(page.getByText('λ=0 · BN · seed 1', { exact: true })).toBeVisible();
    await expect.element(page.getByText(/^λ=0 · BN · seed 1, step 495: 0\.\d{3}$/)).toBeInTheDocument();
    await userEvent.keyboard('{Enter}');
    expect(model.selection.trials).toEqual([sweep.plan.trials[1]!.id]);
  });

  it('keeps the keyboard at its point of a curve while others come', async () => {
    const whole = stateAfter(sweep);
    model.store.load(thinCopy(whole), true);
    model.store.fill(whole.trials.slice(5, 9));
    await expect.element(page.getByText(/^4 of 48 trials by step/).first()).toBeVisible();
    (chart('Validation accuracy').element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    const name = page.getByText(trialLabel(sweep.plan, sweep.plan.trials[5]!), { exact: true });
    await expect.element(name).toBeVisible();
    await expect.element(page.getByText(/^step 495: /)).toBeVisible();

    model.store.fill(whole.trials.slice(0, 5));
    await expect.element(page.getByText(/^9 of 48 trials by step/).first()).toBeVisible();
    await expect.element(name).toBeVisible();
    await expect.element(page.getByText(/^step 495: /)).toBeVisible();
    await userEvent.keyboard('{ArrowLeft}');
    await expect.element(page.getByText(/^step 450: /)).toBeVisible();
    await expect.element(name).toBeVisible();

    await page.getByRole('button', { name: 'no BN' }).click();
    await expect.element(name).not.toBeVisible();
  });

  it('brings selected curves forward on a canvas of their own', async () => {
    await expect.poll(() => inked('Validation accuracy', '.overlay')).toBeLessThan(0.01);
    model.selection.select([sweep.plan.trials[0]!.id]);
    await expect.poll(() => inked('Validation accuracy', '.overlay')).toBeGreaterThan(0.5);
    model.selection.select([]);
    await expect.poll(() => inked('Validation accuracy', '.overlay')).toBeLessThan(0.01);
  });

  it('changes metric and axis', async () => {
    await page.getByLabelText('Metric').first().selectOptions('Penalty λ·Σw²');
    await expect.element(page.getByRole('button', { name: 'log y' }).first()).toHaveAttribute('aria-pressed', 'true');
    await expect.element(page.getByText(/6 at 0, not on a log axis/)).toBeVisible();
    await page.getByRole('button', { name: 'log y' }).first().click();
    await expect.element(page.getByText(/not on a log axis/)).not.toBeInTheDocument();
  });

  it('hides and shows a setting from the legend, and leaves the selection alone', async () => {
    const noBn = page.getByRole('button', { name: 'no BN' });
    await noBn.click();
    await expect.element(noBn).toHaveAttribute('aria-pressed', 'false');
    await expect.element(page.getByText(/^15 of 48 trials by step · 24 hidden by the legend/).first()).toBeVisible();
    expect(model.selection.trials).toEqual([]);
    await noBn.click();
    await expect.element(page.getByText(/^28 of 48 trials by step · ⌃/)).toBeVisible();
  });

  it('shows one setting alone, by pointer or keyboard, and all again', async () => {
    const strength = page.getByRole('button', { name: '1e-5', exact: true });
    (strength.element() as HTMLElement).focus();
    await userEvent.keyboard('{Shift>}{Enter}{/Shift}');
    await expect.element(page.getByText(/^6 of 48 trials by step · 42 hidden by the legend/).first()).toBeVisible();
    await expect
      .element(page.getByRole('button', { name: '3e-5', exact: true }))
      .toHaveAttribute('aria-pressed', 'false');
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.element(page.getByText(/hidden/)).not.toBeInTheDocument();
    await strength.click({ modifiers: ['Alt'] });
    await expect.element(page.getByText(/42 hidden by the legend/).first()).toBeVisible();
    await strength.click({ modifiers: ['Alt'] });
    await expect.element(page.getByText(/hidden/)).not.toBeInTheDocument();
  });

  it('selects all trials of a setting when asked to', async () => {
    await page.getByRole('button', { name: 'no BN' }).click({ modifiers: ['Control'] });
    expect(model.selection.trials).toHaveLength(24);
    await expect.element(page.getByText(/hidden/)).not.toBeInTheDocument();
  });

  it('says of a curve which others lie on it, and what the penalty alone does', async () => {
    await mount<CurvesPanel>('l2bn-curves-panel', pageFixture(articleSweep(), 1));
    (chart('Validation accuracy').element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowUp}');
    await expect.element(page.getByText('λ=1e-2 · no BN', { exact: true })).toBeVisible();
    await expect.element(page.getByText('5 curves coincide here, also:')).toBeVisible();
    await expect.element(page.getByText('λ=0 · no BN', { exact: true })).toBeVisible();
    await expect.element(page.getByText('the penalty alone: × 0.998 per step (1 − 2ηλ)')).toBeVisible();
  });

  it('says below the chart that curves coincide, and which factors have no look of their own', async () => {
    await mount<CurvesPanel>('l2bn-curves-panel', pageFixture(articleSweep(), 1));
    await expect.element(page.getByText(/ · 5 curves coincide: point at one to see which$/).first()).toBeVisible();
    expect(page.getByText(/also varied/).query()).toBeNull();
    await mount<CurvesPanel>('l2bn-curves-panel', pageFixture(mixedSweep(), 1));
    await expect
      .element(page.getByText('also varied: optimizer, η (learningRate) — point at a curve', { exact: true }))
      .toBeVisible();
  });

  it('shows a long legend as a ramp, and lists it when asked to', async () => {
    await mount<CurvesPanel>('l2bn-curves-panel', pageFixture(manySweep(2), 1));
    await expect.element(page.getByRole('img', { name: 'Colours of λ (l2) from 1e-6 to 1e-2, 0 apart' })).toBeVisible();
    const one = page.getByRole('button', { name: '1e-6', exact: true });
    expect(one.query()).toBeNull();
    await page.getByRole('button', { name: 'all 50' }).click();
    await one.click();
    await expect.element(page.getByText(/ · 4 hidden by the legend/).first()).toBeVisible();
    await page.getByRole('button', { name: 'fold' }).click();
    await expect.element(one).not.toBeInTheDocument();
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.element(page.getByText(/hidden/)).not.toBeInTheDocument();
  });

  it('cuts no label of its axis off, however large the numbers', async () => {
    const exploded = seedsSweep();
    const events = exploded.events.map((entry) =>
      entry.event.type === 'steps'
        ? {
            ...entry,
            event: { ...entry.event, crossEntropy: entry.event.crossEntropy.map((value) => (value ?? 0) * 3.21e12) },
          }
        : entry,
    );
    await mount<CurvesPanel>('l2bn-curves-panel', pageFixture({ ...exploded, events }, 0.3));
    const strip = (left: number, width: number): boolean => {
      const canvas = chart('Training cross-entropy').element().querySelector<HTMLCanvasElement>('canvas')!;
      return canvas
        .getContext('2d')!
        .getImageData(left, 0, width, canvas.height)
        .data.some((value) => value > 0);
    };
    await expect.poll(() => strip(0, 44)).toBe(true);
    // A label that is cut off reaches to the very edge.
    expect(strip(0, 1)).toBe(false);
  });

  it('cuts no number of steps off at the end of its axis', async () => {
    const plan = articlePlan();
    const events = recordSweep(plan, { stepsPerEpoch: 400, chunk: 400 });
    await mount<CurvesPanel>('l2bn-curves-panel', pageFixture({ plan, events }, 1));
    const strip = (fromRight: number, width: number): boolean => {
      const canvas = chart('Validation accuracy').element().querySelector<HTMLCanvasElement>('canvas')!;
      const left = canvas.width - fromRight;
      const below = canvas.height - 28 * devicePixelRatio;
      const { data } = canvas.getContext('2d')!.getImageData(left, below, width, canvas.height - below);
      return data.some((value) => value > 0);
    };
    // The last tick, 4 000, is where the curves end.
    await expect.poll(() => strip(20, 20)).toBe(true);
    expect(strip(1, 1)).toBe(false);
  });

  it('says why and when a trial was pruned', async () => {
    const pruned = prunedSweep();
    await mount<CurvesPanel>('l2bn-curves-panel', pageFixture(pruned, 1));
    await expect.element(page.getByText(/\+\s13\spruned/).first()).toBeVisible();
    (chart('Validation accuracy').element() as HTMLElement).focus();
    // Trial 0 has the cursor first; the last of λ=1e-2 without BN is one up.
    await userEvent.keyboard('{ArrowLeft}{ArrowUp}');
    await expect.element(page.getByText('λ=1e-2 · no BN · seed 4', { exact: true })).toBeVisible();
    await expect
      .element(
        page.getByText(
          /^pruned after epoch 3: validation accuracy 0\.\d+, at least 0\.75 wanted \(median of 8 in its arm\)$/,
        ),
      )
      .toBeVisible();
  });
});
