import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { seedsSweep, stateAfter } from '../../packages/dashboard/src/fixtures/sweeps.ts';
import { startLiveServer } from '../../packages/runner/src/server/index.ts';
import { openPage } from '../support/browser.ts';

it('shows curves and weights of trials that the snapshot holds only the end of', async () => {
  const state = stateAfter(seedsSweep());
  const server = await startLiveServer({
    source: { state, subscribe: () => () => {} },
    pageDirectory: fileURLToPath(new URL('../../packages/dashboard/dist/page', import.meta.url)),
    port: 0,
    version: '0.0.0',
    // Every answer has one course.
    limits: { snapshotBytes: 1, courseBytes: 1 },
  });
  onTestFinished(() => server.close());
  const { page, requests, errors } = await openPage(server.link);

  const curves = page.getByRole('region', { name: 'Curves' });
  await expect.poll(() => curves.getByText(/^48 of 48 trials by step/).count(), { timeout: 30_000 }).toBe(2);
  expect(requests.filter((url) => url.includes('/api/courses?trials='))).toHaveLength(48);

  const [trial] = state.trials;
  const card = page.getByRole('article', { name: 'Weights of λ=0 · BN · seed 0' });
  const rows = card.getByRole('region', { name: 'Weights by epoch' }).locator('tbody tr');
  await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(trial!.epochs.length);
  const first = trial!.epochs[0]!.weights.values[0]!.toFixed(8).replace('-', '−');
  expect(await rows.first().textContent()).toContain(first);
  expect(errors).toEqual([]);
});
