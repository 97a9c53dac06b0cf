import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { FOUR_ARMS, planOf } from '../../fixtures/plans.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { findRunTarget } from './run-target.ts';
import { recordSource, sourceText } from './sweep-source.ts';

const plan = planOf(FOUR_ARMS);

/** A folder of results of `arms.yaml` beside it, with all trials done or none. */
async function results(folder: string, { done = false, overrides = [] as string[] } = {}): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const ledger = Ledger.open(folder, plan);
  for (const { id: trial } of done ? plan.trials : []) {
    ledger.append({ type: 'leased', trial, attempt: 1, worker: 0 });
    ledger.append({ type: 'done', trial, attempt: 1, step: 1, elapsed: 1, weightsHash: '' });
  }
  ledger.close();
  const file = join(folder, '..', 'arms.yaml');
  writeFileSync(file, '');
  await recordSource(folder, file, overrides);
  return folder;
}

describe('findRunTarget', () => {
  it('runs a sweep file with its words, also one that is not there', () => {
    const root = temporaryFolder();
    expect(findRunTarget(['a.yaml', 'l2=1'], root)).toEqual({ file: 'a.yaml', overrides: ['l2=1'] });
    writeFileSync(join(root, 'l2=1.yaml'), '');
    expect(findRunTarget(['l2=1.yaml'], root)).toEqual({ file: 'l2=1.yaml', overrides: [] });
  });

  it('goes on with a folder of results, by path or name, from the recorded file and words', async () => {
    const root = temporaryFolder();
    const output = await results(join(root, 'sweeps', 'arms'), { done: true, overrides: ['l2=0,1', 'epochs=3'] });
    const target = { file: join(root, 'sweeps/arms.yaml'), overrides: ['l2=0,1', 'epochs=3'], output };
    expect(findRunTarget(['sweeps/arms'], root)).toEqual(target);
    expect(findRunTarget(['arms'], root)).toEqual(target);
    expect(findRunTarget(['arms', 'seeds=5', 'l2=0,1,2'], root)).toEqual({
      ...target,
      overrides: ['epochs=3', 'seeds=5', 'l2=0,1,2'],
    });
  });

  it('goes on with what was asked last, also where the run was killed before it wrote source.json', async () => {
    const root = temporaryFolder();
    const output = await results(join(root, 'sweeps', 'arms'), { done: true });
    const file = join(root, 'sweeps/arms.yaml');
    const source = sourceText(output, file, ['seeds=3']);
    Ledger.open(output, planOf({ ...FOUR_ARMS, seeds: 3 }), { source }).close();
    expect(findRunTarget(['arms'], root)).toEqual({ file, overrides: ['seeds=3'], output });
  });

  it('leaves a sweep that somebody runs to him', async () => {
    const root = temporaryFolder();
    const output = await results(join(root, 'sweeps', 'arms'));
    const run = Ledger.open(output, plan);
    expect(() => findRunTarget([], root)).toThrow(
      /got no sweep but one that runs already \(sweeps\/arms\).*l2bn watch/,
    );
    const other = await results(join(root, 'sweeps', 'other'));
    const reason = 'the only sweep that is not finished and that nobody runs';
    expect(findRunTarget([], root)).toMatchObject({ output: other, reason });
    run.close();
    expect(() => findRunTarget([], root)).toThrow('2 sweeps that are not finished');
  });

  it('begins beside a sweep that is asked for by another name, with its file and words', async () => {
    const root = temporaryFolder();
    const output = await results(join(root, 'sweeps', 'arms'), { overrides: ['epochs=3'] });
    const target = { file: join(root, 'sweeps/arms.yaml'), overrides: ['epochs=3', 'name=other', 'l2=0,1'] };
    expect(findRunTarget(['arms', 'name=other', 'l2=0,1'], root)).toEqual(target);
    expect(findRunTarget(['name="other"'], root)).toEqual({
      ...target,
      overrides: ['epochs=3', 'name="other"'],
      reason: 'the only sweep',
    });
    for (const same of ['name=arms', "name='arms'"])
      expect(findRunTarget(['arms', same], root)).toMatchObject({ output });
    // What is no name is said where the file is read.
    for (const none of ['name=[a', 'name=*a']) expect(findRunTarget(['arms', none], root).output).toBeUndefined();
  });

  it('names the sweep file that is gone', async () => {
    const root = temporaryFolder();
    await results(join(root, 'sweeps', 'arms'));
    rmSync(join(root, 'sweeps', 'arms.yaml'));
    expect(() => findRunTarget(['arms'], root)).toThrow(
      'sweeps/arms: got results whose sweep file is gone: sweeps/arms.yaml, want the sweep file: l2bn run FILE --output sweeps/arms',
    );
  });

  it('takes the working folder where that holds results, even finished ones', async () => {
    const output = await results(join(temporaryFolder(), 'r'), { done: true });
    expect(findRunTarget([], output)).toMatchObject({ output, reason: 'results in the working folder' });
    expect(findRunTarget(['seeds=2'], output)).toMatchObject({ output, overrides: ['seeds=2'] });
  });

  it('takes the one sweep that is not finished, before the default file', async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'l2bn.config.yml'), '');
    await results(join(root, 'sweeps', 'a'), { done: true });
    const output = await results(join(root, 'sweeps', 'b'));
    expect(findRunTarget([], root)).toMatchObject({ output, reason: 'the only sweep that is not finished' });
  });

  it('goes on with nothing that is set aside, unless that is named', async () => {
    const root = temporaryFolder();
    const old = await results(join(root, 'sweeps', 'a.2026-11-23T17-36-37'));
    expect(() => findRunTarget([], root)).toThrow('got nothing to run but a.2026-11-23T17-36-37, set aside, want');
    expect(findRunTarget(['a.2026-11-23T17-36-37'], root)).toMatchObject({ output: old });
    const output = await results(join(root, 'sweeps', 'a'));
    expect(findRunTarget([], root)).toMatchObject({ output, reason: 'the only sweep' });
  });

  it.each(['yaml', 'yml', 'json', 'ts'])('takes l2bn.config.%s where no sweep waits', async (ending) => {
    const root = temporaryFolder();
    await results(join(root, 'sweeps', 'a'), { done: true });
    const file = join(root, `l2bn.config.${ending}`);
    writeFileSync(file, '');
    expect(findRunTarget(['seeds=2'], root)).toEqual({ file, overrides: ['seeds=2'], reason: 'no sweep was named' });
  });

  it('says what to give where there is nothing, or too much', async () => {
    const root = temporaryFolder();
    expect(() => findRunTarget([], root)).toThrow('got nothing to run, want a sweep file (l2bn run FILE;');
    const a = await results(join(root, 'sweeps', 'a'), { done: true });
    expect(() => findRunTarget([], root)).toThrow('sweeps: got finished sweeps only, want a sweep file');
    await results(join(root, 'sweeps', 'b'));
    await results(join(root, 'sweeps', 'c'));
    expect(() => findRunTarget([], root)).toThrow(/got 2 sweeps that are not finished \(sweeps\/[bc], sweeps\/[bc]\)/);
    expect(() => findRunTarget(['sweeps'], root)).toThrow('sweeps: got a folder without results');
    rmSync(join(a, 'source.json'));
    expect(() => findRunTarget(['a'], root)).toThrow('want the sweep file: l2bn run FILE --output sweeps/a');
    for (const name of ['l2bn.config.yaml', 'l2bn.config.ts']) writeFileSync(join(root, name), '');
    expect(() => findRunTarget([], root)).toThrow('l2bn.config.ts: got l2bn.config.yaml beside it, want one of them');
  });

  it('passes over results that it cannot read', async () => {
    const root = temporaryFolder();
    const output = await results(join(root, 'sweeps', 'a'));
    mkdirSync(join(root, 'sweeps', 'broken'));
    writeFileSync(join(root, 'sweeps', 'broken', 'ledger.db'), 'no ledger');
    expect(findRunTarget([], root)).toMatchObject({ output });
  });
});
