import { initialState } from '@l2bn/core/sweep';
import { beforeEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import '../page.css';
import { mount, type PageFixture, pageFixture } from '../fixtures/page-fixture.ts';
import { articleSweep, manySweep, mixedSweep, prunedSweep, seedsSweep } from '../fixtures/sweeps.ts';
import { Selection } from '../store/selection.ts';
import { SweepStore } from '../store/sweep-store.ts';
import type { App } from './app.ts';
import './app.ts';

const sweep = seedsSweep();
let model: PageFixture;

beforeEach(async () => {
  model = pageFixture(sweep, 0.55);
  await mount<App>('l2bn-app', model);
});

const status = () => page.getByRole('status');

describe('l2bn-app while the sweep runs', () => {
  it('shows name, phase, progress and what is left', async () => {
    await expect.element(page.getByRole('heading', { name: 'l2-bn-digits' })).toBeVisible();
    await expect
      .element(page.getByRole('progressbar', { name: 'Trials finished' }))
      .toHaveAttribute('aria-valuenow', '24');
    await expect.element(page.getByText('2 diverged', { exact: true }).first()).toBeVisible();
    await expect.element(page.getByText(/^ETA \d/)).toBeVisible();
    await expect.poll(() => document.title).toBe('24/48 · l2-bn-digits · l2bn');
  });

  it('moves and finishes with the events', async () => {
    model.playTo(1);
    await expect
      .element(
        page.getByText(/48 of 48 trials finished in .*2 diverged, 1 failed\. Highest validation accuracy with BN/),
      )
      .toBeVisible();
    await expect.element(page.getByText('finished', { exact: true })).toBeVisible();
  });

  it('announces trials that end, the bad ones by name', async () => {
    await expect.poll(() => document.title).toContain('24/48');
    model.playTo(1);
    await expect.element(page.getByText(/^\d+ trials done\. .*λ=.* seed \d failed\.$/)).toBeInTheDocument();
  });
});

describe('l2bn-app and trials without a result', () => {
  it('counts the pruned, warns of missing checkpoints and of arms that lost more', async () => {
    const thinned = pageFixture(prunedSweep(), 0.9);
    await mount<App>('l2bn-app', thinned);
    const banner = page.getByRole('banner');
    await expect.element(banner.getByText('4 pruned', { exact: true })).toBeVisible();
    await expect.element(banner.getByText('⚠ 1 without checkpoint')).toBeVisible();
    await expect
      .element(page.getByText(/λ=3e-3 · BN · seed 4 has no checkpoint since epoch 1: ENOSPC: no space left on device/))
      .toBeVisible();
    const survival = page.getByRole('table', { name: 'Survival by arm' });
    await expect
      .element(survival.getByRole('row', { name: /^no BN 26 of 32 ended trials 2 diverged 4 pruned$/ }))
      .toBeVisible();
    await expect.element(page.getByText(/Survival differs between the arms/)).toBeVisible();
    thinned.playTo(1);
    await expect.element(page.getByText(/80 of 80 trials finished in .*, 2 diverged, 13 pruned\./)).toBeVisible();
    await expect.element(page.getByText(/without checkpoint/)).not.toBeInTheDocument();
  });

  it('says nothing of survival while all survive', async () => {
    await mount<App>('l2bn-app', pageFixture(articleSweep(), 1));
    await expect.element(page.getByRole('grid')).toBeVisible();
    await expect.element(page.getByText('Came through')).not.toBeInTheDocument();
  });
});

describe('l2bn-app and its sections', () => {
  it('leads to a section by its link, also a second time', async () => {
    const table = () =>
      document.querySelector<App>('l2bn-app')!.renderRoot.querySelector('#trials')!.getBoundingClientRect().top;
    const link = page.getByRole('link', { name: 'Trials' });
    await link.click();
    await expect.poll(table).toBeLessThan(innerHeight);
    scrollTo({ top: 0, behavior: 'instant' });
    await link.click();
    await expect.poll(table).toBeLessThan(innerHeight);
    history.replaceState(null, '', location.pathname + location.search);
  });
});

describe('l2bn-app and its connection', () => {
  it('says live', async () => {
    await expect.element(page.getByRole('status', { name: 'Connection: live' })).toBeVisible();
    model.connection.set({ kind: 'live', caughtUp: 214 });
    await expect.element(page.getByText('live · caught up 214 events')).toBeVisible();
  });

  it('keeps the data and counts down when the connection is lost', async () => {
    model.connection.set({ kind: 'reconnecting', since: Date.now(), retryAt: Date.now() + 49_500 });
    await expect.element(page.getByText(/Connection lost; next try in [45]\d s/)).toBeVisible();
    await expect.element(page.getByRole('grid')).toBeVisible();
    await page.getByRole('button', { name: 'Try now' }).click();
    expect(model.connection.retries).toBe(1);
  });

  it('says how old the data is when nothing comes', async () => {
    model.connection.set({ kind: 'stale', since: Date.now() - 14_000 });
    await expect.element(page.getByText(/Nothing came from the server for 1\d s/)).toBeVisible();
  });

  it('tells a server that is gone in mid-sweep from one that has done its work', async () => {
    model.connection.set({ kind: 'gone', since: Date.now() - 40_000, retryAt: null });
    await expect.element(page.getByText('was running', { exact: true })).toBeVisible();
    await expect
      .element(page.getByText(/No result is lost: the same “l2bn run” goes on from the ledger/))
      .toBeVisible();
    model.connection.greet({ resumeCommand: 'l2bn run sweeps/digits' });
    await expect
      .element(page.getByText(/No result is lost: “l2bn run sweeps\/digits” goes on from the ledger/))
      .toBeVisible();
    model.playTo(1);
    await expect
      .element(page.getByText('The server has ended, and so had the sweep: what is shown is final.'))
      .toBeVisible();
  });

  it('says that results are of another version of their model', async () => {
    const said = page.getByText(/^Two versions of \.\/net\.mjs\. 1 result is of another version than it has now/);
    await expect.element(status().first()).toBeInTheDocument();
    expect(said.query()).toBeNull();
    model.connection.greet({ mixedModels: [{ model: './net.mjs', older: 1 }] });
    await expect.element(said).toBeVisible();
  });

  it('says why l2bn has ended, and once what goes on', async () => {
    const gone = { kind: 'gone', since: Date.now(), retryAt: null } as const;
    const because = (reason: string | null) => model.connection.set({ ...gone, ended: { t: 'bye', reason } });
    because(null);
    await expect.element(page.getByText(/^l2bn has ended before the sweep was finished; the terminal/)).toBeVisible();
    await expect.element(page.getByRole('status', { name: 'Connection: server ended' })).toBeVisible();
    model.connection.greet({ resumeCommand: 'l2bn run sweeps/digits' });
    because('the disk is full');
    await expect
      .element(
        page.getByText(
          'l2bn has ended: the disk is full. No result is lost: “l2bn run sweeps/digits” goes on from the ledger.',
        ),
      )
      .toBeVisible();
    because('the disk is full: make room, then l2bn run sweeps/digits');
    await expect
      .element(
        page.getByText('l2bn has ended: the disk is full: make room, then l2bn run sweeps/digits.', { exact: true }),
      )
      .toBeVisible();
  });

  it('asks to reload when the server speaks another version', async () => {
    model.connection.set({ kind: 'mismatch' });
    await expect.element(page.getByRole('button', { name: 'Reload' })).toBeVisible();
  });

  it('asks for the printed link when it has no key, with or without a sweep on it', async () => {
    model.connection.set({ kind: 'unauthorised' });
    await expect
      .element(status().getByText(/open the link that l2bn printed in the terminal\. What is shown is from before/))
      .toBeVisible();
    const empty = { ...model, store: new SweepStore(), selection: new Selection() };
    await mount<App>('l2bn-app', empty);
    await expect.element(page.getByRole('heading', { name: 'This page needs its key' })).toBeVisible();
  });

  it('waits for the sweep, and fills by itself', async () => {
    const store = new SweepStore();
    model.connection.set({ kind: 'loading' });
    await mount<App>('l2bn-app', { ...model, store });
    await expect.element(page.getByRole('heading', { name: 'Connecting to the sweep …' })).toBeVisible();
    store.load(initialState(sweep.plan));
    await expect.element(page.getByRole('grid')).toBeVisible();
  });
});

describe('l2bn-app in other phases', () => {
  const phase = (name: 'preparing' | 'stopping' | 'stopped', detail: string) =>
    model.store.apply([{ seq: model.store.seq + 1, at: 1.8e12, event: { type: 'phase', phase: name, detail } }]);

  it.each([
    ['preparing', 'loading digits', /Preparing\. Loading digits …/],
    ['stopping', '', /Stopping\. Running trials end at their next step\./],
    [
      'stopped',
      'interrupted by the user',
      /Stopped\. 24 of 48 trials finished.*interrupted by the user\. The same “l2bn run” goes on/,
    ],
  ] as const)('says that it is %s', async (name, detail, text) => {
    phase(name, detail);
    await expect.element(page.getByText(text)).toBeVisible();
  });

  it('names the command that goes on with a stopped sweep where the server has said it', async () => {
    model.connection.greet({ resumeCommand: 'l2bn run sweeps/digits' });
    phase('stopped', '');
    await expect.element(page.getByText(/ “l2bn run sweeps\/digits” goes on from here\.$/)).toBeVisible();
  });
});

describe('l2bn-weights', () => {
  it('shows the four arms of the article, with eight digits and the pure decay', async () => {
    await mount('l2bn-app', pageFixture(articleSweep(), 1));
    const dead = page.getByRole('article', { name: 'Weights of λ=1e-3 · no BN' });
    await expect
      .element(
        dead.getByText(/The ten values and ‖w‖ of the whole kernel kept one common factor, × 0\.91392\d: no gradient/),
      )
      .toBeVisible();
    expect(page.getByRole('article').elements()).toHaveLength(4);
    const rows = dead
      .getByRole('row')
      .elements()
      .map((row) => [...row.children].map((child) => child.textContent?.trim()));
    expect(rows).toHaveLength(12);
    expect(rows[1]?.[1]).toMatch(/^−?0\.\d{8}$/);
    // 45 steps an epoch: 0.9998^45.
    expect(rows[5]?.slice(-2)).toEqual(['0.99104', '0.99104']);
    await expect
      .element(page.getByRole('img', { name: /Norm of the kernel of λ=1e-3 · no BN by epoch, with the pure decay/ }))
      .toBeVisible();
  });

  it('shows seeds that are done, not those that were pruned', async () => {
    await mount('l2bn-app', pageFixture(mixedSweep(), 1));
    const first = page.getByRole('article', {
      name: /^Weights of λ=0 · BN · optimizer=sgd · learningRate=0\.1 · seed 1$/,
    });
    await expect.element(first.getByText('done, stopped early after epoch 7')).toBeVisible();
  });

  it('fits a common screen, and says on a narrow one that there is more', async () => {
    const box = () =>
      document
        .querySelector('l2bn-app')!
        .shadowRoot!.querySelector('l2bn-weights')!
        .shadowRoot!.querySelector<HTMLElement>('.scroll')!;
    await mount('l2bn-app', pageFixture(articleSweep(), 1));
    await expect.poll(() => box().parentElement!.dataset.more).toBe('');
    await page.viewport(390, 800);
    await expect.poll(() => box().parentElement!.dataset.more).toBe('right');
    box().scrollLeft = 10_000;
    await expect.poll(() => box().parentElement!.dataset.more).toBe('left');
    await page.viewport(1280, 900);
  });

  it('shows the selected trials instead', async () => {
    model.selection.select([sweep.plan.trials[7]!.id]);
    await expect.element(page.getByRole('article', { name: 'Weights of λ=1e-5 · BN · seed 1' })).toBeVisible();
    expect(page.getByRole('article').elements()).toHaveLength(1);
  });
});

describe('l2bn-inspector', () => {
  const inspector = () => page.getByRole('complementary', { name: 'Selected trial' });

  it('shows what the sweep is made of until something is selected', async () => {
    await expect.element(inspector().getByText('16 cells, 48 trials')).toBeVisible();
    await expect.element(inspector().getByText('smallConvNet')).toBeVisible();
  });

  it('tells a divergence with its step', async () => {
    model.selection.select([sweep.plan.trials[4]!.id]);
    await expect
      .element(inspector().getByRole('group', { name: 'Divergence' }))
      .toHaveTextContent(/Diverged at step 148/);
  });

  it('tells a failure with its text', async () => {
    model.playTo(1);
    model.selection.select([sweep.plan.trials[35]!.id]);
    await expect
      .element(inspector().getByRole('group', { name: 'Failure' }))
      .toHaveTextContent(/got 0 images of class 7/);
  });

  it('tells a pruning with its reason, also when the trial runs again', async () => {
    const thinned = prunedSweep();
    const pruned = pageFixture(thinned, 1);
    await mount('l2bn-app', pruned);
    const { id } = pruned.store.state!.trials.find(({ status }) => status === 'pruned')!;
    pruned.selection.select([id]);
    const said = inspector().getByRole('group', { name: 'Pruning' });
    await expect
      .element(said)
      .toHaveTextContent(/Pruned after epoch 4 validation accuracy 0\.\d+, at least 0\.75 wanted .*censored/);
    pruned.store.apply([{ seq: pruned.store.seq + 1, at: 1.9e12, event: { type: 'requeued', trial: id, attempt: 1 } }]);
    await expect.element(said).toHaveTextContent(/Was pruned after epoch 4 .* put back, to run to its end/);
  });

  it('warns of a trial whose checkpoints fail', async () => {
    const thinned = prunedSweep();
    const pruned = pageFixture(thinned, 0.9);
    await mount('l2bn-app', pruned);
    pruned.selection.select([thinned.plan.trials[64]!.id]);
    await expect
      .element(inspector().getByRole('group', { name: 'Checkpoint' }))
      .toHaveTextContent(/^No checkpoint since epoch 1: ENOSPC/);
  });

  it('lets one of several be looked at', async () => {
    model.selection.select(sweep.plan.trials.slice(0, 3).map(({ id }) => id));
    await inspector()
      .getByRole('button', { name: /seed 2/ })
      .click();
    await expect.element(inspector().getByRole('heading', { name: 'λ=0 · BN · seed 2' })).toBeVisible();
    await inspector().getByRole('button', { name: 'Clear' }).click();
    expect(model.selection.trials).toEqual([]);
  });
});

describe('l2bn-selection-bar', () => {
  const bar = () => page.getByRole('region', { name: 'Selection' });
  const details = () => document.querySelector('l2bn-app')!.shadowRoot!.querySelector('#details')!;

  it('says on a small screen what was tapped, and leads to its details', async () => {
    await page.viewport(390, 800);
    await page.getByRole('gridcell', { name: /^λ=1e-5 · BN/ }).click();
    await expect.element(bar().getByText('λ=1e-5 · BN', { exact: true })).toBeInViewport();
    await expect.element(bar().getByText(/^validation accuracy 0\.\d{3}, mean of 3 · 3 trials$/)).toBeVisible();
    expect(details().getBoundingClientRect().top).toBeGreaterThan(innerHeight);
    await bar().getByRole('link', { name: 'Details' }).click();
    await expect.poll(() => details().getBoundingClientRect().top).toBeLessThan(200);
    model.selection.select([sweep.plan.trials[4]!.id]);
    await expect.element(bar().getByText(/ · diverged at step 148$/)).toBeVisible();
    await bar().getByRole('button', { name: 'Clear' }).click();
    await expect.element(bar()).not.toBeInTheDocument();
    history.replaceState(null, '', location.pathname + location.search);
    await page.viewport(1280, 900);
  });

  it('is not there where the details stand beside the map', async () => {
    model.selection.select([sweep.plan.trials[4]!.id]);
    await expect.element(page.getByRole('group', { name: 'Divergence' })).toBeVisible();
    expect(bar().query()).toBeNull();
  });
});

describe('l2bn-trials-table', () => {
  const table = () => page.getByRole('table', { name: 'Trials' });
  const firstRow = () => table().getByRole('row').elements()[1]?.textContent?.replace(/\s+/g, ' ').trim();

  it('sorts by any column, both ways', async () => {
    await table().getByRole('button', { name: 'val. acc.' }).click();
    await expect
      .element(table().getByRole('columnheader', { name: 'val. acc.' }))
      .toHaveAttribute('aria-sort', 'descending');
    expect(firstRow()).toContain('BN');
    const best = firstRow();
    await table().getByRole('button', { name: 'val. acc.' }).click();
    await expect
      .element(table().getByRole('columnheader', { name: 'val. acc.' }))
      .toHaveAttribute('aria-sort', 'ascending');
    expect(firstRow()).not.toBe(best);
  });

  it('holds thousands of trials, of which only those in sight are there', async () => {
    const thousands = manySweep(50);
    const many = pageFixture(thousands, 1);
    await mount('l2bn-trials-table', many);
    const rows = () => table().getByRole('row').elements();
    await expect.element(table()).toHaveAttribute('aria-rowcount', '5001');
    expect(rows().length).toBeLessThan(100);
    const box = document.querySelector('l2bn-trials-table')!.shadowRoot!.querySelector('.scroll')!;
    const height = box.scrollHeight;
    expect(height).toBeGreaterThan(5000 * 28);
    box.scrollTop = height;
    await expect.element(table().getByRole('button', { name: 'Select trial 4999', exact: true })).toBeInViewport();
    expect(rows().length).toBeLessThan(100);
    expect(box.scrollHeight).toBe(height);
    await table().getByRole('button', { name: 'Select trial 4999', exact: true }).click();
    expect(many.selection.trials).toEqual([thousands.plan.trials[4999]!.id]);
  });

  it('says which trials patience ended, and that leased ones start', async () => {
    await mount('l2bn-trials-table', pageFixture(mixedSweep(), 1));
    await expect.element(table().getByText('done, stopped early after epoch 9')).toBeVisible();
    await expect.element(table().getByText('pruned after epoch 2')).toBeVisible();
    const starting = pageFixture(sweep, 0);
    const { id } = sweep.plan.trials[0]!;
    starting.store.apply([{ seq: 1, at: 1.8e12, event: { type: 'leased', trial: id, attempt: 1, worker: 0 } }]);
    await mount('l2bn-trials-table', starting);
    await expect.element(table().getByText('starting', { exact: true })).toBeVisible();
    expect(document.querySelector('l2bn-trials-table')!.shadowRoot!.textContent).not.toContain('leased');
  });

  it('selects by row, also from the keyboard', async () => {
    const button = table().getByRole('button', { name: 'Select trial 4', exact: true });
    (button.element() as HTMLElement).focus();
    await button.click();
    expect(model.selection.trials).toEqual([sweep.plan.trials[4]!.id]);
  });
});
