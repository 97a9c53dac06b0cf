import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { importSweep } from './code-sweep.ts';

/** What is said of a folder's `main` file, the folder left out of it. */
async function refusal(main: string, files: Record<string, string>): Promise<string> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const error = await importSweep(join(folder, main)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message.replaceAll(`${folder}/`, '');
}

/** Lines that a compiler takes out: what stands below them must stay where it is. */
const TYPES = 'interface Axes {\n  l2: number[];\n}\ntype Name =\n  | "a"\n  | "b";\n';
const WANT = 'want a module whose default export is a sweep';

describe('importSweep', () => {
  it('gives the default export', async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 's.ts'),
      `${TYPES}const axes: Axes = { l2: [0] };\nexport default { name: 'x', axes };\n`,
    );
    expect(await importSweep(join(folder, 's.ts'))).toEqual({ name: 'x', axes: { l2: [0] } });
  });

  it.each(['s.ts', 's.mts', 's.mjs', 's.js'])('says line and column of what does not parse: %s', async (name) => {
    expect(await refusal(name, { [name]: '\n\nexport default {\n  name: [0 1],\n};\n' })).toBe(
      `${name}:4:12: got code that does not parse: Unexpected token, expected ",", want TypeScript or JavaScript`,
    );
  });

  it('says the line that has thrown', async () => {
    const text = `${TYPES}const axes = undefined as unknown as Axes;\n\nexport default {\n  name: 'x',\n  l2: axes.l2,\n};\n`;
    expect(await refusal('s.ts', { 's.ts': text })).toBe(
      `s.ts:11: got TypeError: Cannot read properties of undefined (reading 'l2'), thrown, ${WANT}`,
    );
    const awaits = "\nawait Promise.resolve();\nthrow new RangeError('too far');\nexport default {};\n";
    expect(await refusal('s.mjs', { 's.mjs': awaits })).toBe(`s.mjs:3: got RangeError: too far, thrown, ${WANT}`);
  });

  it('names the file that it imports, where the fault is in there', async () => {
    const main = "import { values } from './values.ts';\nexport default { l2: values() };\n";
    const thrown = `${TYPES}export function values(): number[] {\n  throw new Error('none');\n}\n`;
    expect(await refusal('s.ts', { 's.ts': main, 'values.ts': thrown })).toMatch(
      /^values\.ts:8: got Error: none, thrown/,
    );
    const unparsed = 'export const a = 1;\nexport const values = () => [1 2];\n';
    expect(await refusal('s.ts', { 's.ts': main, 'values.ts': unparsed })).toMatch(/^values\.ts:2:32: got code that/);
  });

  it('tells an import that is not there from a file that is not', async () => {
    const main = "\n\nimport { values } from './values.ts';\nexport default { l2: values() };\n";
    expect(await refusal('s.ts', { 's.ts': main })).toBe(
      "s.ts:3: got an import of './values.ts', want one of what is there",
    );
    expect(await refusal('s.ts', {})).toBe(`s.ts: got no such file, ${WANT}`);
    const reads = "import { readFileSync } from 'node:fs';\nexport default { l2: readFileSync('none.txt') };\n";
    expect(await refusal('s.mjs', { 's.mjs': reads })).toMatch(/^s\.mjs:2: got Error: ENOENT: .*'none\.txt', thrown/);
  });

  it('has no line of what is no error', async () => {
    expect(await refusal('s.mjs', { 's.mjs': "\n\nthrow 'a text';\n" })).toBe(`s.mjs: got a text, thrown, ${WANT}`);
  });
});
