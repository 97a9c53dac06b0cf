import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { describe, expect, it } from 'vitest';
import { openPage } from '../support/browser.ts';
import { l2bn } from '../support/command.ts';
import { FAILING_SWEEP } from '../support/failing-sweep.ts';
import { folderWith } from '../support/folder.ts';

/** Paused, cancelled in and stopped, all of it in its first trial. */
const SWEEP = `
name: controlled
config:
  model: smallConvNet
  learningRate: 0.05
  epochs: 20000
  data: { source: digits, imageSize: 16, limit: 512 }
axes: { batchNorm: [true, false], l2: [0, 1e-3] }
workers: 1
`;

const link = /page: (http:\/\/127\.0\.0\.1:\d+\/#t=\S+)/;

describe('control from the page', () => {
  it('pauses, cancels, retries and stops what the real server runs', async () => {
    const folder = folderWith({ 'controlled.yaml': SWEEP });
    const run = l2bn(['run', 'controlled.yaml', '--allow-control', '--port', '0'], { cwd: folder });
    const [, url] = await run.saw(link);
    const { page, errors } = await openPage(url!);
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const replies = page.locator('output');
    await page.getByRole('gridcell').filter({ hasText: '%' }).first().waitFor();

    await button('Pause').click();
    await replies.filter({ hasText: '✓ paused: 1 running trials go on, no new ones start' }).waitFor();
    await button('Resume').click();
    await replies.filter({ hasText: '✓ going on' }).waitFor();

    const most = await page.getByLabel('Workers').getAttribute('max');
    expect(Number(most)).toBeGreaterThanOrEqual(1);
    await page.getByLabel('Workers').fill('64');
    await button('Set').click();
    await replies.filter({ hasText: `✕ this sweep was started for at most ${most} workers` }).waitFor();

    await page.getByRole('gridcell', { name: /^no BN · λ=1e-3/ }).click();
    await button('Cancel trial').click();
    await page.getByRole('gridcell', { name: /^no BN · λ=1e-3.*cancelled$/ }).waitFor();
    await button('Retry trial').click();
    await replies.filter({ hasText: '✓ 1 put back' }).waitFor();
    await page.getByRole('gridcell', { name: /^no BN · λ=1e-3.*planned$/ }).waitFor();

    // A refusal is an answer of the server like others, which the browser reports as an error of the request.
    expect(errors.filter((text) => !text.includes('409'))).toEqual([]);

    await button('Stop …').click();
    await button('Keep running').click();
    expect(readLedger(join(folder, 'sweeps/controlled')).state.phase).toBe('running');
    await button('Stop …').click();
    await page.getByText('“l2bn run sweeps/controlled” goes on from the last checkpoints').waitFor();
    await button('Stop the sweep').click();
    await run.ended;
    await page.getByText('“l2bn run sweeps/controlled” goes on from here').waitFor();
    const { state } = readLedger(join(folder, 'sweeps/controlled'));
    expect(state.phase).toBe('stopped');
    expect(state.counts).toMatchObject({ interrupted: 1, planned: 3 });
  });

  it('puts back what failed on a page that stays up, and its process goes on with it', async () => {
    const folder = folderWith(FAILING_SWEEP);
    const run = l2bn(['run', 'failing.yaml', 'seeds=2,', '--keep', '--allow-control', '--port', '0'], { cwd: folder });
    const [, url] = await run.saw(link);
    const { page } = await openPage(url!);
    await run.saw(/The page stays at/);
    writeFileSync(join(folder, 'mended'), '');
    await page.getByRole('button', { name: 'Retry 1 failed' }).click();
    await page.getByRole('gridcell', { name: /; done$/ }).waitFor();
    expect(readLedger(join(folder, 'sweeps/failing')).state.trials.map(({ attempt }) => attempt)).toEqual([2]);
  });

  it('is not offered by a server that was not started for it', async () => {
    const folder = folderWith({ 'controlled.yaml': SWEEP });
    const run = l2bn(['run', 'controlled.yaml', '--port', '0'], { cwd: folder });
    const [, url] = await run.saw(link);
    const { page } = await openPage(url!);
    await page.getByRole('gridcell').filter({ hasText: '%' }).first().waitFor();
    expect(await page.evaluate(() => fetch('api/health').then((answer) => answer.json()))).toMatchObject({
      control: false,
    });
    expect(await page.getByRole('region', { name: 'Control of the sweep' }).count()).toBe(0);
  });
});
