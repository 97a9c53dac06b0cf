import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { FAILING_SWEEP } from '../support/failing-sweep.ts';
import { folderWith } from '../support/folder.ts';

it('a mended module: retry refuses to mix versions and hides nothing; by its option both stand, and are told apart', async () => {
  const cwd = folderWith(FAILING_SWEEP);
  const first = await ask(cwd, 'run', 'failing.yaml', '--no-page');
  expect(first.code, first.stderr).toBe(1);
  const advice = 'If you edit ./net.mjs to mend it: l2bn retry sweeps/failing --accept-edited-model keeps';
  expect(first.stdout).toContain(advice);
  expect((await ask(cwd, 'status')).stdout).toContain(advice);

  writeFileSync(join(cwd, 'net.mjs'), readFileSync(join(cwd, 'net.mjs'), 'utf8').replace('=== 2', '=== 22'));
  const refused = await ask(cwd, 'retry', 'failing');
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('edited since 1 trial was trained with it');
  expect(refused.stderr).toContain('l2bn run sweeps/failing --fresh');
  expect((await ask(cwd, 'status')).stdout).toContain('not yet');

  expect(await ask(cwd, 'retry', 'failing', '--accept-edited-model')).toMatchObject({
    code: 0,
    stdout: '1 put back; from now on with ./net.mjs as it is now; l2bn run sweeps/failing runs it\n',
  });
  const last = await ask(cwd, 'run', 'sweeps/failing', '--no-page');
  expect(last.code, last.stderr).toBe(0);
  expect(readLedger(join(cwd, 'sweeps/failing')).state.counts.done).toBe(2);
  const note = '1 of 2 results is of another version of ./net.mjs than it has now';
  for (const { stdout } of [last, await ask(cwd, 'table'), await ask(cwd, 'status')]) expect(stdout).toContain(note);
  for (const words of [['table', '--json'], ['export']]) expect((await ask(cwd, ...words)).stderr).toContain(note);
  const status = JSON.parse((await ask(cwd, 'status', '--json')).stdout);
  expect(status).toMatchObject({ mixedModels: [{ model: './net.mjs', older: 1, results: 2 }], mended: null });

  const anew = await ask(cwd, 'run', 'sweeps/failing', '--fresh', '--no-page');
  expect(anew.code, anew.stderr).toBe(0);
  expect(anew.stdout).not.toContain('another version');
});
