import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { loadSweep } from './build-plan.ts';
import { jsonSchemaText } from './json-schema.ts';
import { keyTables, type SchemaNode } from './key-tables.ts';
import { tableNames, withKeyTables } from './sweep-file-reference.ts';

const read = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
const page = read('docs/sweep-file.md');
const blocks = (text: string): string[] => [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml!);

describe('docs/sweep-file.md', () => {
  it('holds the tables of keys that the schema has (npm run schema writes them)', () => {
    for (const name of tableNames()) expect(page).toContain(`<!-- keys: ${name} -->`);
    expect(withKeyTables(page)).toBe(page);
  });

  it('says something of every key', () => {
    const rows = page.split('\n').filter((line) => /^\| `/.test(line));
    expect(rows.length).toBeGreaterThan(40);
    for (const row of rows) expect(row, row).toMatch(/\| \S[^|]* +\|$/);
  });

  it.each([...blocks(page), ...blocks(read('README.md'))].map((yaml) => [yaml.split('\n')[0]!, yaml]))(
    'has examples that load: %s',
    async (_, yaml) => {
      const path = join(temporaryFolder(), 'sweep.yaml');
      writeFileSync(path, /^name:/m.test(yaml) ? yaml : `name: x\n${yaml}`);
      expect((await loadSweep(path)).plan.cells.length).toBeGreaterThan(1);
    },
  );
});

it('makes a table of types, limits, defaults and notes', () => {
  const tables = keyTables(JSON.parse(jsonSchemaText()) as SchemaNode);
  expect(tables.config).toMatch(/^\| `learningRate` +\| number > 0 +\| `0\.1` +\| η +\|$/m);
  expect(tables.config).not.toContain('`data`');
  expect(tables.data).toMatch(/^\| `data\.imageSize` +\| whole number ≥ 8 +\| `32` /m);
  expect(tables.sweep).toMatch(/^\| `name` +\| text +\| required /m);
});
