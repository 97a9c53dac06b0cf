import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { applyOverrides } from './overrides.ts';
import { placeProblems } from './placed-problems.ts';
import { readSource } from './source-text.ts';

const SWEEP = `name: x
config:
  data:
    source: folder
    path: "nowhere"
  l2: 0.001
axes:
  model:
    - ./a.mjs
    - ./a.mjs2
  engine: { values: [graph,
    layers] }
cells:
  - batchNorm: true
    model: ./c.mjs
  - l2: 0.5
`;

it.each([
  ['a key of data', 'config.data.path', '"nowhere"', [], ':5'],
  ['all of data', 'config.data', 'folder nowhere with other images', [], ':4'],
  ['a key that is left out, at what it would stand in', 'config.data.imageSize', '32', [], ':4'],
  ['a value of an axis', 'config.model', './a.mjs, but there is no file', [], ':9'],
  ['a value that begins as another does', 'config.model', './a.mjs2:3: threw', [], ':10'],
  ['a value of an axis with a mapping', 'config.engine', 'layers', [], ':12'],
  ['an axis as a whole', 'config.model', 'no layers', [], ':9'],
  ['an extra cell', 'config.model', './c.mjs', [], ':15'],
  ['the value of an extra cell, not what all share', 'config.l2', '0.5, but the model', [], ':16'],
  ['what all share', 'config.l2', '0.001, but the model', [], ':6'],
  ['a word', 'config.l2', '0.1, but the model', ['l2=0.1'], 'command line'],
  ['a word that makes an axis', 'config.l2', '0.1, but the model', ['l2=0.1,0'], 'command line'],
])('names the line of %s', async (_, path, got, words, place) => {
  const file = join(temporaryFolder(), 's.yaml');
  writeFileSync(file, SWEEP);
  const source = applyOverrides(await readSource(file), words);
  const placed = placeProblems(source)({ file: source.file, path, got, want: 'other' });
  expect(placed).toEqual({ file: place.startsWith(':') ? `${source.file}${place}` : place, path, got, want: 'other' });
});

it('leaves what stands in no key of config, and in another file', async () => {
  const file = join(temporaryFolder(), 's.yaml');
  writeFileSync(file, SWEEP);
  const place = placeProblems(await readSource(file));
  const problem = { file: 'images/1.png', path: 'config.data', got: 'a torn file', want: 'an image' };
  expect(place(problem)).toEqual(problem);
  expect(place({ path: 'axes', got: '1', want: '2' })).toEqual({ path: 'axes', got: '1', want: '2' });
});
