import { expect, it } from 'vitest';
import { parseWith } from './explain-issues.ts';
import { SweepFileSchema } from './sweep-file.ts';

const parse = (value: unknown) =>
  parseWith(SweepFileSchema, { file: 's.yaml', value, locate: (path) => `s.yaml:${path.length}` });

it.each([
  ['the file', [], 's.yaml:0: got [], want a mapping'],
  ['axes', { name: 'x', axes: [] }, 's.yaml:1: axes: got [], want a mapping'],
  ['axes with names', { name: 'x', axes: ['l2'] }, 's.yaml:1: axes: got ["l2"], want a mapping'],
  ['config and data', { name: 'x', config: { data: [] } }, 's.yaml:2: config.data: got [], want a mapping'],
  ['samples', { name: 'x', samples: { count: 2, axes: [] } }, 's.yaml:2: samples.axes: got [], want a mapping'],
  ['entries', { name: 'x', cells: [{ l2: 1 }, []] }, 's.yaml:2: cells[1]: got [], want a mapping'],
])('refuses a list in place of a mapping: %s', (_, value, message) => {
  expect(() => parse(value)).toThrow(new RegExp(`^${message.replaceAll(/[[\].]/g, '\\$&')}$`));
});

it('names them all, and takes lists where lists are wanted', () => {
  expect(() => parse({ name: 'x', axes: [], config: [] })).toThrow(/axes: got \[\].*\n.*config: got \[\]/);
  const sweep = { name: 'x', axes: { l2: [0, 1] }, seeds: [1, 2], cells: [{ l2: 2 }], exclude: [] };
  expect(parse(sweep)).toMatchObject(sweep);
  // No axis is one cell, and said so.
  expect(parse({ name: 'x', axes: {} })).toMatchObject({ axes: {} });
});
