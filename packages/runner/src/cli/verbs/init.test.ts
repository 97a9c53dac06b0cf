import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataConfigSchema, TrialConfigSchema } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { loadSweep } from '../../plan/build-plan.ts';
import { PruningSchema } from '../../plan/pruning.ts';
import { SweepFileSchema } from '../../plan/sweep-file.ts';
import { sweepTemplate } from '../init/sweep-template.ts';
import { nameOf } from './init.ts';

const TEMPLATE = sweepTemplate('first', 'schema.json', 'first.yaml');

function load(content: string) {
  const path = join(temporaryFolder(), 'sweep.yaml');
  writeFileSync(path, content);
  return loadSweep(path);
}

describe('sweepTemplate', () => {
  it('is a sweep of L2 strength against Batch Normalization', async () => {
    const { plan } = await load(TEMPLATE);
    expect(plan.name).toBe('first');
    expect(plan.cells).toHaveLength(10);
    expect(plan.axes.map(({ key }) => key)).toEqual(['batchNorm', 'l2']);
  });

  it('has in its comments what holds without them', async () => {
    const uncommented = TEMPLATE.replaceAll(/^( *)# (\w+: [^ ])/gm, '$1$2');
    expect(uncommented.match(/^ *retries: 1/m)).not.toBeNull();
    const [with_, without] = await Promise.all([load(uncommented), load(TEMPLATE)]);
    expect(with_).toEqual({ ...without, file: with_.file, place: with_.place });
  });

  it('names every key that there is', () => {
    const keys = [SweepFileSchema, TrialConfigSchema, DataConfigSchema].flatMap(({ entries }) => Object.keys(entries));
    for (const key of keys.filter((name) => name !== '$schema'))
      expect(TEMPLATE).toMatch(new RegExp(`^[# ]*${key}:`, 'm'));
  });
});

describe('its section on pruning', () => {
  const uncommented = TEMPLATE.replace(/^# pruning:(\n# {3}(?!or ).*)+/m, (section) => section.replaceAll(/^# /gm, ''));

  it('is one once it is no comment', async () => {
    const { sweep } = await load(uncommented);
    expect(sweep.pruning).toEqual(v.parse(PruningSchema, { rule: 'median' }));
  });

  it('names the other rule with its defaults', () => {
    const [, asha] = TEMPLATE.match(/^# {3}or (\{.*\}):/m)!;
    expect(v.parse(PruningSchema, parse(asha!))).toEqual(v.parse(PruningSchema, { rule: 'asha' }));
  });
});

describe('nameOf', () => {
  it.each([
    ['a/depth.yaml', 'depth'],
    ['my sweep (2).yml', 'my-sweep-2-'],
    ['.hidden.yaml', 'hidden'],
    ['λ.yaml', 'sweep'],
    [`${'x'.repeat(99)}.yaml`, 'x'.repeat(64)],
  ])('calls %s %s', (file, name) => expect(nameOf(file)).toBe(name));
});
