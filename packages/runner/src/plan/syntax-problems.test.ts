import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { readSource } from './source-text.ts';

async function problemsOf(name: string, text: string): Promise<string> {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  const error = await readSource(file).catch((error: Error) => error);
  return error instanceof Error ? error.message.replaceAll(file, 'FILE') : 'parsed';
}

it.each([
  [
    'no comma between members',
    '{\n  "name": "x"\n  "seeds": 3\n}\n',
    'FILE:2:14: got "seeds" after "name": "x", want "," or "}" between them',
  ],
  [
    'no comma between values',
    '{ "seeds": ["1" "2"] }',
    'FILE:1:16: got "2" after { "seeds": ["1", want "," or "]" between them',
  ],
  [
    'an end too early',
    '{\n  "name": "x"',
    'FILE:2:14: got the end of the file after "name": "x", want "," or "}" between them',
  ],
  ['a key without quotes', '{ "name": "x", seeds: "3" "4" }', 'FILE:1:16: got seeds, want a key in double quotes'],
  ['a key without colon', '{ "name" "x" }', 'FILE:1:10: got "x", want ":" after the key'],
  ['a value that is none', '{ "name": : 3 }', 'FILE:1:11: got :, want a value'],
  ['what comes after the end', '{ "name": "x" } }', 'FILE:1:17: got }, want the end of the file'],
])('JSON with %s is refused in words of JSON, at one place', async (_, text, message) => {
  expect(await problemsOf('s.json', text)).toBe(message);
});

it.each([
  [
    'a bracket',
    'name: x\naxes:\n  l2: [0, 1\n  alpha: [1]\nseeds: 2\n',
    'FILE:3:7: got a "[" that is not closed: l2: [0, 1, want "]"',
  ],
  [
    'the other bracket',
    'axes: { l2: [0, 1}, alpha: [1] }\n',
    'FILE:1:13: got a "[" that is not closed: axes: { l2: [0, 1}, alpha: [1] }, want "]"',
  ],
  ['a quote', 'name: "x\nseeds: 3\n', `FILE:1:7: got a '"' that is not closed: name: "x, want '"'`],
  ['no colon', 'config:\n  epochs 3\n  l2: 1\n', 'FILE:2:3: got no ":" after a key: epochs 3, want valid YAML'],
  [
    'no comma',
    'config: { epochs: 3 l2: 1 }\n',
    'FILE:1:19: got no "," between two keys: config: { epochs: 3 l2: 1 }, want valid YAML',
  ],
  [
    'a tab',
    'config:\n\tepochs: 3\n',
    'FILE:2:1: got a tab before the key, where YAML takes spaces only: epochs: 3, want valid YAML',
  ],
  [
    'a line too far in',
    'config:\n  epochs: 3\n   l2: 1\n',
    'FILE:2:11: got a second ":", or a line further in than the one above: epochs: 3, want valid YAML',
  ],
  [
    'keys that stand twice',
    'a: 1\na: 2\nb: { c: 1, c: 2 }\n',
    'FILE:2:1: got the key a twice, want each key once\nFILE:3:12: got the key c twice, want each key once',
  ],
])('YAML with %s is refused where it stands, with its line', async (_, text, message) => {
  expect(await problemsOf('s.yaml', text)).toBe(message);
});

it.each(['{ "a": [1, -2.5e3, true, null, "\\"[{"], "b": {} }\n', '[]', '{ "a": 1, }'])('takes %s', async (text) => {
  expect(await problemsOf('s.json', text)).toBe('parsed');
});
