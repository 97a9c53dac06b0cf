import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvents, readLedger } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { ARMS } from './small-sweeps.ts';

const run = (args: string[], cwd: string) => ask(cwd, 'run', ...args, '--no-page');

const leasesOf = (folder: string) => readEvents(folder).filter(({ event }) => event.type === 'leased').length;

it('l2bn run alone goes on with the sweep that was killed, by its file and its words, and grows it by new ones', async () => {
  const cwd = folderWith({ 'my arms.yaml': ARMS });
  const killed = l2bn(['run', 'my arms.yaml', 'name=cut', 'l2=1e-3', 'epochs=60', 'workers=1', '--no-page'], { cwd });
  await killed.saw(/epoch 1\/60/);
  killed.child.kill('SIGKILL');
  await killed.ended;

  const resumed = await run([], cwd);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.stderr).toContain('sweeps/cut (the only sweep)\n');
  const folder = join(cwd, 'sweeps/cut');
  expect(readLedger(folder).state).toMatchObject({ plan: { name: 'cut' }, counts: { done: 2 }, phase: 'finished' });
  expect(JSON.parse(readFileSync(join(folder, 'source.json'), 'utf8')).overrides).toContain('l2=1e-3');

  // One of the two was leased twice: it was running when the process died.
  expect(leasesOf(folder)).toBe(3);
  const again = await run([], folder);
  expect([again.code, leasesOf(folder)]).toEqual([0, 3]);
  const grown = await run(['cut', 'batchNorm=true,false', 'seeds=1,2'], cwd);
  expect(grown.code, grown.stderr).toBe(0);
  expect([readLedger(folder).state.counts.done, leasesOf(folder)]).toEqual([4, 5]);

  // Under another name it is another sweep, in a folder of its own; the recorded words hold for it as well.
  const beside = await run(['cut', 'name=beside', 'batchNorm=true', 'epochs=1'], cwd);
  expect(beside.code, beside.stderr).toBe(0);
  expect(readLedger(join(cwd, 'sweeps/beside')).state).toMatchObject({ plan: { name: 'beside' }, counts: { done: 2 } });
  expect(readLedger(join(cwd, 'sweeps/beside')).state.plan.cells[0]?.config).toMatchObject({ l2: 1e-3, epochs: 1 });
  expect(leasesOf(folder)).toBe(5);
});

it('takes no results by default that --fresh has set aside', async () => {
  const cwd = folderWith({ 'arms.yaml': ARMS });
  const words = ['arms.yaml', 'l2=0', 'batchNorm=true,'];
  const cut = l2bn(['run', ...words, 'epochs=4000', '--no-page'], { cwd });
  await cut.saw(/epoch 1\/4000/);
  cut.child.kill('SIGINT');
  expect(await cut.ended, cut.stderr).toBe(130);
  // Nothing came out yet: no table of dashes.
  expect(cut.stdout).toMatch(/^\nResults: sweeps\/arms .*\nStopped\. To go on: l2bn run sweeps\/arms\n$/);
  expect((await run([...words, '--fresh'], cwd)).code).toBe(0);
  const [aside] = readdirSync(join(cwd, 'sweeps')).filter((name) => name !== 'arms');
  const now = new Date();
  utimesSync(join(cwd, 'sweeps', aside!, 'ledger.db'), now, now);

  expect(await ask(cwd, 'status')).toMatchObject({ code: 0, stderr: 'sweeps/arms (the only sweep)\n' });
  expect((await ask(cwd, 'status', aside!)).code).toBe(4);
  expect((await ask(cwd, 'run')).stderr).toContain('sweeps: got finished sweeps only');
  for (const words of [['pause'], ['stop'], ['workers', '2']]) {
    expect(await ask(cwd, ...words)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/\nsweeps\/arms is finished\n$/),
    });
  }
  expect((await ask(cwd, 'stop', aside!)).stderr).toBe(
    `nobody runs sweeps/${aside} now; l2bn run sweeps/${aside} goes on with it\n`,
  );
  for (const words of [
    ['retry', 'arms', '--trial', 'nosuch'],
    ['cancel', 'nosuch', 'arms'],
    ['retry', 'nosuch', 'arms'],
    ['cancel', 'arms', '--trial', 'nosuch'],
  ]) {
    expect(await ask(cwd, ...words)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^trial: got nosuch, which arms has none of, want the id of one trial, .*l2bn status/,
      ),
    });
  }
  expect(await ask(cwd, 'export', 'arms', '-o', 'gone/x.csv')).toMatchObject({
    code: 2,
    stderr: 'gone/x.csv: got no folder gone, want a folder that is there: mkdir -p gone\n',
  });
});

it('l2bn run alone runs l2bn.config.yaml, and without it says what to give', async () => {
  const cwd = folderWith();
  const nothing = await run([], cwd);
  expect([nothing.code, nothing.stdout]).toEqual([2, '']);
  expect(nothing.stderr).toMatch(/^got nothing to run, want a sweep file .*l2bn init.*l2bn\.config\.yaml here\n$/);

  writeFileSync(join(cwd, 'l2bn.config.yaml'), ARMS);
  const { code, stderr } = await run(['l2=0', 'batchNorm=true', 'name=one'], cwd);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('l2bn.config.yaml (no sweep was named)');
  expect(readLedger(join(cwd, 'sweeps/one')).state.counts.done).toBe(1);
  mkdirSync(join(cwd, 'empty'));
  expect(await run(['empty'], cwd)).toMatchObject({
    code: 2,
    stderr: 'empty: got a folder without results, want a sweep file, or a folder of results\n',
  });
});

const SAMPLED = `
name: sampled
config: { model: smallConvNet, learningRate: 0.05, epochs: 1, data: { source: digits, imageSize: 16, limit: 64 } }
axes: { optimizer: [sgd, momentum], momentum: { values: [0.5], when: { optimizer: momentum } } }
samples: { count: 1, axes: { l2: { logUniform: [1e-5, 1e-2] }, learningRate: { uniform: [0.01, 0.1] } } }
cells: [{ batchNorm: false }]
workers: 1
`;

it('a finished sweep of samples and extra cells runs only what is new', async () => {
  const cwd = folderWith({ 'sampled.yaml': SAMPLED });
  expect(await run(['sampled.yaml'], cwd)).toMatchObject({ code: 0 });
  const folder = join(cwd, 'sweeps/sampled');
  expect([readLedger(folder).state.counts.done, leasesOf(folder)]).toEqual([3, 3]);
  writeFileSync(
    join(cwd, 'sampled.yaml'),
    SAMPLED.replace('count: 1', 'count: 2').replace('cells: [', 'cells: [{ l2: 0.5 }, '),
  );
  expect(await run(['sampled.yaml'], cwd)).toMatchObject({ code: 0 });
  expect([readLedger(folder).state.counts.done, leasesOf(folder)]).toEqual([6, 6]);
  const plan = l2bn(['plan', 'sampled.yaml'], { cwd });
  expect(await plan.ended).toBe(0);
  expect(plan.stdout).toContain('momentum      0.5, where optimizer=momentum\n');
  expect(plan.stdout).toContain('sampled together: 2 points of l2, learningRate (Sobol, seed 0)\n');
  expect(plan.stdout).toContain('added: l2=0.5; batchNorm=false\n');
});
