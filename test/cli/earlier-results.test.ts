import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';

/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
);
const SWEEP = `
name: own
config:
  model: ./net.mjs
  epochs: 1
  data: { source: folder, path: images, imageSize: 8, validation: 0.5 }
axes: { l2: [0, 1e-3] }
seeds: 2
workers: 1
`;
const NET = `export const buildModel = ({ tf, inputShape, classes, l2 }) => tf.sequential({ layers: [
  tf.layers.flatten({ inputShape: [...inputShape] }),
  tf.layers.dense({ units: classes, kernelRegularizer: tf.regularizers.l2({ l2 }) }) ] });
`;

/** What a command says of why it refuses, without how it says it on the way there. */
async function saidBy(cwd: string, verb: string, ...words: string[]) {
  const command = l2bn([verb, 'own.yaml', ...words, ...(verb === 'run' ? ['--no-page'] : [])], { cwd });
  const code = await command.ended;
  const problems = command.stderr.split('\n').filter((line) => line.includes(': got '));
  return { code, problems, stdout: command.stdout, stderr: command.stderr };
}

async function withResults(): Promise<string> {
  const cwd = folderWith({ 'own.yaml': SWEEP, 'net.mjs': NET });
  for (const name of ['cat', 'dog']) {
    mkdirSync(join(cwd, 'images', name), { recursive: true });
    for (const number of [1, 2]) writeFileSync(join(cwd, 'images', name, `${number}.png`), PIXEL);
  }
  const { code, stderr } = await saidBy(cwd, 'run');
  expect(code, stderr).toBe(0);
  return cwd;
}

it('plan and validate refuse what run refuses of the results that it would go on from, in its words', async () => {
  const cwd = await withResults();
  const lost = await saidBy(cwd, 'run', 'l2=0,');
  expect(lost).toMatchObject({ code: 2, problems: [expect.stringContaining('no longer asks for 2 of the 4 trials')] });
  for (const words of [['plan'], ['plan', '--quick'], ['validate'], ['validate', '--quick']]) {
    const [verb = '', ...rest] = words;
    expect(await saidBy(cwd, verb, 'l2=0,', ...rest)).toMatchObject({ code: 2, problems: lost.problems });
  }
  const planned = await saidBy(cwd, 'plan', 'l2=0,', '--quick');
  expect(planned.stdout).toMatch(/^done +2 of them, in sweeps\/own$/m);

  writeFileSync(join(cwd, 'net.mjs'), `${NET}// edited`);
  // As run does: where all is done, nothing is made from the model.
  for (const verb of ['plan', 'validate', 'run']) expect((await saidBy(cwd, verb)).code).toBe(0);
  const edited = await saidBy(cwd, 'run', 'seeds=3');
  expect(edited).toMatchObject({ code: 2, problems: [expect.stringContaining('which was edited since')] });
  for (const verb of ['plan', 'validate']) {
    expect(await saidBy(cwd, verb, 'seeds=3', '--quick')).toMatchObject({ code: 2, problems: edited.problems });
  }
  writeFileSync(join(cwd, 'net.mjs'), NET);

  copyFileSync(join(cwd, 'images/cat/1.png'), join(cwd, 'images/cat/3.png'));
  const added = await saidBy(cwd, 'run', 'seeds=3');
  expect(added).toMatchObject({
    code: 2,
    problems: [expect.stringContaining('with other images or labels than before')],
  });
  const ledger = readFileSync(join(cwd, 'sweeps/own/ledger.db'));
  for (const words of [['plan'], ['plan', '--no-measure'], ['validate']]) {
    const [verb = '', ...rest] = words;
    expect(await saidBy(cwd, verb, 'seeds=3', ...rest)).toMatchObject({ code: 2, problems: added.problems });
  }
  for (const verb of ['plan', 'validate']) {
    expect(await saidBy(cwd, verb, 'seeds=3', '--quick')).toMatchObject({
      code: 0,
      stderr:
        'warning: own.yaml: --quick has not read images: whether it is still the data of sweeps/own is not known\n',
    });
  }
  expect(readFileSync(join(cwd, 'sweeps/own/ledger.db')).equals(ledger)).toBe(true);
});

it('plan and validate refuse a ledger that cannot be read, and take one without tables for none', async () => {
  const cwd = folderWith({ 'own.yaml': SWEEP.replace('./net.mjs', 'smallConvNet').replace(/data: .*/, '') });
  mkdirSync(join(cwd, 'sweeps/own'), { recursive: true });
  writeFileSync(join(cwd, 'sweeps/own/ledger.db'), '');
  expect((await saidBy(cwd, 'validate', '--quick')).code).toBe(0);
  writeFileSync(join(cwd, 'sweeps/own/ledger.db'), 'mine'.repeat(1000));
  const { problems } = await saidBy(cwd, 'run');
  expect(problems).toHaveLength(1);
  for (const verb of ['plan', 'validate'])
    expect(await saidBy(cwd, verb, '--quick')).toMatchObject({ code: 2, problems });
});
