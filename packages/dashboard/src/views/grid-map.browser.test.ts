import { beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { mount, type PageFixture, pageFixture } from '../fixtures/page-fixture.ts';
import { makePlan } from '../fixtures/plans.ts';
import { recordSweep } from '../fixtures/record-sweep.ts';
import { manySweep, mixedSweep, prunedSweep, seedsSweep } from '../fixtures/sweeps.ts';
import type { GridMap } from './grid-map.ts';
import './grid-map.ts';

const sweep = seedsSweep();
let model: PageFixture;

beforeEach(async () => {
  model = pageFixture(sweep, 0.55);
  await mount<GridMap>('l2bn-grid-map', model);
});

const cell = (name: RegExp) => page.getByRole('gridcell', { name });

describe('l2bn-grid-map', () => {
  it('says of every cell what it holds', async () => {
    expect(page.getByRole('gridcell', { name: /planned|running|done/ }).elements()).toHaveLength(16);
    await expect.element(cell(/^λ=0 · BN: Validation accuracy 0\.\d{3}, mean of 3 ± .*3 done$/)).toBeVisible();
    await expect.element(cell(/^λ=0 · no BN: .*mean of 2 .*2 done, 1 diverged$/)).toBeVisible();
    await expect.element(cell(/^λ=3e-4 · BN: .* so far; 3 running, \d+ % done$/)).toBeVisible();
    await expect.element(cell(/^λ=1e-3 · BN: no value yet; 3 planned$/)).toBeVisible();
  });

  it('sets the exact 0 apart from the logarithmic rest', async () => {
    const headers = page
      .getByRole('columnheader')
      .elements()
      .map((element) => element.textContent);
    expect(headers).toEqual(['λ (l2)', '0', '1e-5', '3e-5', '1e-4', '3e-4', '1e-3', '3e-3', '1e-2']);
    await expect.element(page.getByText('‖', { exact: true })).toBeVisible();
  });

  it('follows the sweep', async () => {
    model.playTo(1);
    await expect.element(cell(/^λ=1e-3 · BN: Validation accuracy .*3 done/)).toBeVisible();
    expect(cell(/; best$/).elements()).toHaveLength(1);
    await expect.element(cell(/1 failed/)).toBeVisible();
    await expect.element(page.getByText('45 done')).toBeVisible();
  });

  it('shows another metric on demand', async () => {
    await page.getByLabelText('Show').selectOptions('First kernel ‖w‖');
    await expect.element(cell(/^λ=0 · BN: First kernel ‖w‖ 14\.\d/)).toBeVisible();
    await expect.element(page.getByRole('rowheader', { name: 'BN ÷ no BN' })).toBeVisible();
  });

  it('contrasts BN with no BN at equal λ and seed', async () => {
    await expect.element(page.getByRole('rowheader', { name: 'BN − no BN' })).toBeVisible();
    await expect
      .element(page.getByTitle(/paired by seed, n = 2; 1 pair without both results$/).first())
      .toHaveTextContent(/\+0\.\d{3}/);
  });

  it('selects all seeds of a cell by click, and nothing by a second one', async () => {
    const first = cell(/^λ=1e-5 · BN/);
    await first.click();
    expect(model.selection.trials).toHaveLength(3);
    await expect.element(first).toHaveAttribute('aria-selected', 'true');
    await first.click();
    expect(model.selection.trials).toEqual([]);
  });

  it('is walked with the arrow keys and chosen from with Enter', async () => {
    (cell(/^λ=0 · BN/).element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}{ArrowDown}{ArrowRight}');
    await expect
      .poll(() =>
        cell(/^λ=3e-5 · no BN/)
          .element()
          .matches(':focus'),
      )
      .toBe(true);
    await userEvent.keyboard('{Enter}');
    const { cells, trials } = sweep.plan;
    const id = cells.find(({ values }) => values.l2 === 3e-5 && values.batchNorm === false)!.id;
    expect(model.selection.trials).toEqual(trials.filter((trial) => trial.cell === id).map((trial) => trial.id));
    await userEvent.keyboard('{End}');
    await expect
      .poll(() =>
        cell(/^λ=1e-2 · no BN/)
          .element()
          .matches(':focus'),
      )
      .toBe(true);
  });

  it('maps other axes, and marks what the plan leaves out', async () => {
    const plan = makePlan({
      name: 'optimizers',
      axes: [
        { key: 'optimizer', scale: 'list', values: ['sgd', 'adam'] },
        { key: 'learningRate', scale: 'log', values: [0.01, 0.1, 1] },
      ],
      except: ({ optimizer, learningRate }) => optimizer === 'adam' && learningRate === 1,
    });
    await mount<GridMap>('l2bn-grid-map', pageFixture({ plan, events: recordSweep(plan) }, 1));
    await expect.element(page.getByRole('rowheader', { name: 'optimizer=adam' })).toBeVisible();
    await expect.element(page.getByRole('gridcell', { name: 'not in the plan' })).toBeInTheDocument();
    await expect.element(cell(/^optimizer=adam · learningRate=0\.1: Validation accuracy/)).toBeVisible();
  });

  it.each([1280, 390])('breaks no name and no number of its labels, %d px wide', async (width) => {
    await page.viewport(width, 800);
    await mount<GridMap>('l2bn-grid-map', pageFixture(mixedSweep(), 1));
    const label = page.getByRole('rowheader', {
      name: 'no BN · optimizer=momentum · learningRate=0.04711',
      exact: true,
    });
    await expect.element(label).toBeVisible();
    const texts = [
      ...label.element().querySelectorAll('.whole'),
      ...label.element().closest('table')!.querySelectorAll('th[scope=col] span'),
    ];
    expect(texts.map(({ textContent }) => textContent)).toEqual(
      expect.arrayContaining(['no BN ·', 'learningRate=', '0.04711', '3.162e-4', '4.711e-2']),
    );
    for (const text of texts) {
      const inside = document.createRange();
      inside.selectNodeContents(text);
      const { top, bottom, left, right } = inside.getBoundingClientRect();
      expect(bottom - top).toBeLessThan(20);
      const frame = text.closest('th')!.getBoundingClientRect();
      expect([left >= frame.left - 1, right <= frame.right + 1]).toEqual([true, true]);
    }
    await page.viewport(1280, 900);
  });

  it('says of a trial that patience ended that it was stopped early', async () => {
    const mixed = mixedSweep();
    const plan = { ...mixed.plan, seeds: [1], trials: mixed.plan.trials.filter(({ seed }) => seed === 1) };
    const trials = plan.trials.map((trial, index) => ({ ...trial, index }));
    const events = recordSweep({ ...plan, trials }, { stops: { 0: 7 } });
    await mount<GridMap>('l2bn-grid-map', pageFixture({ plan: { ...plan, trials }, events }, 1));
    const stopped = cell(/^λ=0 · BN · optimizer=sgd · learningRate=0\.1: .*; done, stopped early after epoch 7$/);
    await expect.element(stopped).toBeVisible();
    expect(stopped.element().querySelector('.long')?.textContent).toBe('done, epoch 7');
  });

  it('never hides a pruned seed in a mean', async () => {
    await mount<GridMap>('l2bn-grid-map', pageFixture(prunedSweep(), 1));
    const thinned = cell(/^λ=1e-3 · no BN: Validation accuracy .*, mean of 3 of 5 seeds ± .*; 3 done, 2 pruned$/);
    await expect.element(thinned).toBeVisible();
    expect(thinned.element().querySelector('.long')?.textContent).toBe('3 of 5 seeds, 2 pruned');
    expect(thinned.element().querySelector('.short')?.textContent).toBe('3 of 5');
    const lost = cell(/^λ=1e-2 · no BN: no value yet; 5 pruned$/);
    await expect.element(lost).toBeVisible();
    expect(lost.element().querySelector('.number')?.textContent).toBe('–');
    await expect.element(page.getByText('13 pruned')).toBeVisible();
    await expect.element(page.getByText('★ highest of the finished cells')).toBeVisible();
  });

  it('says what λ is, and what it does to a weight', async () => {
    await expect
      .element(page.getByRole('columnheader', { name: '1e-3' }))
      .toHaveAttribute(
        'title',
        "λ = 1e-3, the Keras coefficient: the penalty is λ·Σw²; plain SGD shrinks a weight × 0.9998 per step (1 − 2ηλ); as PyTorch's weight_decay it is 2λ = 2e-3",
      );
  });

  it('shows fifty columns as a heat map that can be read cell by cell', async () => {
    await page.viewport(1000, 800);
    const many = pageFixture(manySweep(5), 1);
    await mount<GridMap>('l2bn-grid-map', many);
    expect(page.getByRole('gridcell', { name: /^λ=/ }).elements()).toHaveLength(100);
    const box = document.querySelector<GridMap>('l2bn-grid-map')!.renderRoot.querySelector('.scroll')!;
    expect(box.scrollWidth).toBeLessThanOrEqual(box.clientWidth);
    await cell(/^λ=0 · BN/).hover();
    await expect.element(page.getByText(/^λ=0 · BN: Validation accuracy 0\.\d{3}, mean of 5 ±/)).toBeVisible();
  });

  it.each([
    [5, 'strip: one bar per seed; mean and spread over the seeds that are done'],
    [13, 'mean and spread over the seeds that are done'],
  ])('explains strips where there are any, with %d seeds', async (seeds, text) => {
    await mount<GridMap>('l2bn-grid-map', pageFixture(manySweep(seeds)));
    await expect.element(page.getByText(text, { exact: true })).toBeVisible();
    const strips = document.querySelector<GridMap>('l2bn-grid-map')!.renderRoot.querySelectorAll('.seeds');
    expect(strips.length > 0).toBe(text.startsWith('strip'));
  });

  it('says in words what was interrupted, and claims nothing of what no longer runs', async () => {
    await page.viewport(1280, 900);
    const stopped = pageFixture(seedsSweep(), 0.55);
    await mount<GridMap>('l2bn-grid-map', stopped);
    await expect.element(page.getByText(/so far: trials still run, the bar below is their progress/)).toBeVisible();
    const running = stopped.store.state!.trials.filter(({ status }) => status === 'running');
    stopped.store.apply(
      running.map(({ id: trial, attempt }, i) => ({
        seq: stopped.store.seq + 1 + i,
        at: 1.8e12,
        event: { type: 'interrupted', trial, attempt, reason: 'stopped by the user' },
      })),
    );
    await expect.element(page.getByText(/so far: trials have not come to their end/)).toBeVisible();
    await expect.element(cell(/^λ=3e-4 · no BN/).getByText('interrupted', { exact: true })).toBeVisible();
  });

  it('says where a narrow screen cuts it off', async () => {
    await page.viewport(360, 800);
    const box = document.querySelector<GridMap>('l2bn-grid-map')!.renderRoot.querySelector<HTMLElement>('.frame')!;
    await expect.poll(() => box.dataset.more).toBe('right');
    box.querySelector('.scroll')!.scrollLeft = 40;
    await expect.poll(() => box.dataset.more).toBe('left right');
    box.querySelector('.scroll')!.scrollLeft = 10_000;
    await expect.poll(() => box.dataset.more).toBe('left');
    await page.viewport(1280, 900);
  });
});
