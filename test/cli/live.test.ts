import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { whileFrozen } from '../support/processes.ts';
import { printed } from '../support/recorded.ts';
import { ARMS } from './small-sweeps.ts';

/** A sweep of one trial; returns once that trains. */
async function start(epochs: number) {
  const cwd = folderWith({ 'arms.yaml': ARMS });
  const words = [`epochs=${epochs}`, 'l2=1e-3', 'batchNorm=true', 'workers=1', '--no-page'];
  const run = l2bn(['run', 'arms.yaml', ...words], { cwd });
  await run.saw(/epoch 1\//);
  return { cwd, run };
}

/** One that does not end by itself. */
const startLong = () => start(20_000);

it('watch follows a sweep of another process and ends with it; status tells where it stands', async () => {
  const { cwd, run } = await start(240);
  const watch = l2bn(['watch'], { cwd });
  const asJson = l2bn(['watch', 'arms', '--json'], { cwd });
  const follows = printed(asJson, () => true);
  const status = l2bn(['status', '--json'], { cwd });
  await whileFrozen(run, async () => {
    await watch.saw(/arms: running, 0\/1 ended/);
    await follows;
    expect(await status.ended).toBe(4);
  });
  const seen = JSON.parse(status.stdout);
  expect(seen).toMatchObject({ complete: false, phase: 'running', workers: 1, total: 1, counts: { running: 1 } });
  expect(seen.running).toEqual([expect.objectContaining({ worker: 0, totalSteps: 960, epochs: 240 })]);
  expect(seen.running[0].step).toBeGreaterThanOrEqual(4);
  expect(seen.running[0].eta).toBeGreaterThan(0);
  // None yet where the whole sweep has not been watched for some seconds.
  expect(seen.eta ?? seen.running[0].eta).toBeGreaterThan(0);

  expect(await run.ended, run.stderr).toBe(0);
  expect(await watch.ended, watch.stderr).toBe(0);
  expect(watch.stderr).toContain('arms: done after 960 steps');
  expect(watch.stderr).toMatch(/finished\n$/);
  expect(watch.stdout).toBe('');

  expect(await asJson.ended).toBe(0);
  const events = asJson.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events).toHaveLength(readLedger(join(cwd, 'sweeps/arms')).state.seq);
});

it('status and watch tell a sweep that was killed from one that runs', async () => {
  const { cwd, run } = await startLong();
  run.child.kill('SIGKILL');
  await run.ended;
  const status = l2bn(['status'], { cwd });
  expect(await status.ended).toBe(4);
  expect(status.stdout).toMatch(/^✕ arms · killed · 0\/1 ended\n/);
  expect(status.stdout).toContain('No process runs it any more. To go on: l2bn run sweeps/arms');
  const watch = l2bn(['watch'], { cwd });
  expect(await watch.ended).toBe(4);
  expect(watch.stderr).toContain('no process runs this sweep any more');
});

it('a signal ends the watching and not the sweep', async () => {
  const { cwd, run } = await startLong();
  const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
  for (const [signal, code] of Object.entries(signals) as [keyof typeof signals, number][]) {
    const watch = l2bn(['watch'], { cwd });
    await watch.saw(/arms: running/);
    watch.child.kill(signal);
    expect(await watch.ended, signal).toBe(code);
  }
  const status = l2bn(['status'], { cwd });
  await status.ended;
  expect(status.stdout).toContain('▸ arms · running');
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
});
