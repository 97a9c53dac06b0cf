import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { openPage } from '../support/browser.ts';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { whileFrozen } from '../support/processes.ts';

const SWEEP = `
name: watched
config:
  model: smallConvNet
  learningRate: 0.05
  epochs: 24
  data: { source: digits, imageSize: 16, limit: 512 }
axes: { batchNorm: [true, false], l2: [0, 1e-3] }
workers: 2
`;

/** What is stopped or killed must not end before. */
const ENDLESS = 'epochs=20000';

const link = /page: (http:\/\/127\.0\.0\.1:\d+\/#t=\S+)/;

/** The first cell that shows how far its trials have got. */
const runningCell = (page: Page) => page.getByRole('gridcell').filter({ hasText: '%' }).first();

describe('the page', () => {
  it('sees a running sweep move and finish, and asks nobody but the server', async () => {
    const folder = folderWith({ 'watched.yaml': SWEEP });
    const run = l2bn(['run', 'watched.yaml', '--keep', '--port', '0'], { cwd: folder });
    const [, url] = await run.saw(link);
    await run.saw(/epoch 1\/24/);
    // Until the page is there, however long a browser takes to start.
    const { page, requests, errors, early } = await whileFrozen(run, async () => {
      const open = await openPage(url!);
      await runningCell(open.page).waitFor();
      return { ...open, early: await open.page.getByRole('gridcell').first().textContent() };
    });
    expect(early).toContain('%');

    const cells = page.getByRole('gridcell');
    // It moves: the same cell shows another number while the sweep is still running.
    await expect.poll(() => cells.first().textContent(), { timeout: 60_000, interval: 50 }).not.toBe(early);

    await expect.poll(() => page.getByRole('banner').textContent(), { timeout: 120_000 }).toContain('finished');
    await expect.poll(() => cells.filter({ hasText: 'done' }).count()).toBe(4);
    expect(await page.getByRole('banner').textContent()).toMatch(/4\s*\/\s*4/);

    // What it shows is what the ledger holds.
    const { state } = readLedger(join(folder, 'sweeps/watched'));
    const shown = (await cells.filter({ hasText: 'done' }).allTextContents()).map((text) =>
      Number(text.match(/0\.\d{3}|1\.000/)?.[0]),
    );
    const recorded = state.trials.map(({ epochs }) => Number(epochs.at(-1)!.validation.accuracy!.toFixed(3)));
    expect(shown.sort()).toEqual(recorded.sort());
    const weights = state.trials[0]!.epochs.at(-1)!.weights.values[0]!.toFixed(8).replace('-', '−');
    expect(await page.getByText(weights).count()).toBeGreaterThan(0);

    const { origin, host } = new URL(url!);
    expect(requests.filter((asked) => !asked.startsWith(origin) && !asked.startsWith(`ws://${host}`))).toEqual([]);
    expect(requests.some((asked) => asked.startsWith(`ws://${host}`))).toBe(true);
    expect(errors).toEqual([]);
  });

  it('keeps what it shows when the server is killed, and says that it tries again', async () => {
    const folder = folderWith({ 'watched.yaml': SWEEP });
    const first = l2bn(['run', 'watched.yaml', ENDLESS, '--port', '0'], { cwd: folder });
    const [, url] = await first.saw(link);
    const { page } = await openPage(url!);
    await runningCell(page).waitFor();
    first.child.kill('SIGKILL');
    await page
      .getByText(/reconnect|retry|server is gone|not answer/i)
      .first()
      .waitFor();
    expect(await page.getByRole('gridcell').filter({ hasText: '%' }).count()).toBeGreaterThan(0);
  });

  it('says why l2bn has ended, where its ledger can no longer be written', async () => {
    const folder = folderWith({ 'watched.yaml': SWEEP });
    const run = l2bn(['run', 'watched.yaml', ENDLESS, '--port', '0'], { cwd: folder });
    const [, url] = await run.saw(link);
    const { page } = await openPage(url!);
    await runningCell(page).waitFor();
    rmSync(join(folder, 'sweeps/watched/ledger.db'));
    await page.getByText(/l2bn has ended: the ledger cannot be written: .*deleted or moved away.*l2bn run/).waitFor();
    expect(await run.ended).toBe(3);
    // What it has shown before is still there.
    expect(await page.getByRole('gridcell').filter({ hasText: '%' }).count()).toBeGreaterThan(0);
  });

  it('shows nothing without the token, and says where it is', async () => {
    const folder = folderWith({ 'watched.yaml': SWEEP });
    const run = l2bn(['run', 'watched.yaml', ENDLESS, '--port', '0'], { cwd: folder });
    const [, url] = await run.saw(link);
    const { page } = await openPage(new URL(url!).origin);
    await page
      .getByText(/link.*terminal/i)
      .first()
      .waitFor();
    expect(await page.getByRole('gridcell').count()).toBe(0);
  });
});
