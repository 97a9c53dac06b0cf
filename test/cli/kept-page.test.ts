import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { l2bn } from '../support/command.ts';
import { FAILING_SWEEP } from '../support/failing-sweep.ts';
import { folderWith } from '../support/folder.ts';
import { ARMS } from './small-sweeps.ts';

it('puts trials of a sweep back whose page stays up, and its process goes on with them', async () => {
  const cwd = folderWith(FAILING_SWEEP);
  const kept = l2bn(['run', 'failing.yaml', '--keep', '--port', '0'], { cwd });
  await kept.saw(/The page stays at/);
  expect(readLedger(join(cwd, 'sweeps/failing')).state.counts).toMatchObject({ done: 1, failed: 1 });
  writeFileSync(join(cwd, 'mended'), '');
  const { pid } = kept.child;

  for (const words of [['pause'], ['workers', '1']]) {
    expect(await ask(cwd, ...words, 'sweeps/failing')).toMatchObject({
      code: 2,
      stderr: `the sweep has ended; only its page is still up (pid ${pid}), until l2bn stop or Ctrl-C there\n`,
    });
  }
  const refused = await ask(cwd, 'run', 'failing', 'seeds=3', '--no-page');
  expect(refused).toMatchObject({ code: 3, stdout: '' });
  expect(refused.stderr).toMatch(
    /failing has ended, but its page is still up \(pid \d+\): l2bn stop sweeps\/failing, or Ctrl-C/,
  );

  const isAgain = kept.saw(/put back: 1 trial; going on[\s\S]*The page stays at/);
  expect(await ask(cwd, 'retry')).toMatchObject({
    code: 0,
    stdout: `1 put back; the process that kept the page up goes on (pid ${pid})\n`,
  });
  await isAgain;
  expect(readLedger(join(cwd, 'sweeps/failing')).state.trials.map(({ attempt }) => attempt)).toEqual([1, 2]);

  expect(await ask(cwd, 'stop')).toMatchObject({
    code: 0,
    stdout: `the sweep has ended; the page that stayed up is closed (pid ${pid})\n`,
  });
  expect(await kept.ended, kept.stderr).toBe(0);
});

it('puts nothing back beside results of what a module was before, and hides no failure for that', async () => {
  const cwd = folderWith(FAILING_SWEEP);
  const kept = l2bn(['run', 'failing.yaml', '--keep', '--port', '0'], { cwd });
  await kept.saw(/The page stays at/);
  appendFileSync(join(cwd, 'net.mjs'), '// mended\n');
  const counts = () => readLedger(join(cwd, 'sweeps/failing')).state.counts;
  for (let time = 0; time < 2; time++) {
    expect(await ask(cwd, 'retry', 'sweeps/failing')).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        './net.mjs was edited, and the process that holds the sweep has what it was before: l2bn stop first, then l2bn retry\n',
    });
    expect(counts()).toMatchObject({ done: 1, failed: 1 });
  }
  expect((await ask(cwd, 'stop')).code).toBe(0);
  expect(await kept.ended, kept.stderr).toBe(1);
  const refused = await ask(cwd, 'retry');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--accept-edited-model') });
  expect(counts()).toMatchObject({ done: 1, failed: 1 });
});

it('ends a process that had nothing to run and keeps its page up when it is asked to stop', async () => {
  const cwd = folderWith({ 'arms.yaml': ARMS.replace('[0, 1e-3]', '[0]') });
  expect((await ask(cwd, 'run', 'arms.yaml', '--no-page')).code).toBe(0);
  const kept = l2bn(['run', 'arms', '--keep', '--port', '0'], { cwd });
  await kept.saw(/The page stays at/);
  expect(await ask(cwd, 'stop')).toMatchObject({ code: 0, stdout: expect.stringContaining('the sweep has ended') });
  expect(await kept.ended, kept.stderr).toBe(0);
  expect(await ask(cwd, 'stop')).toMatchObject({ code: 2, stderr: expect.stringContaining('sweeps/arms is finished') });
});
