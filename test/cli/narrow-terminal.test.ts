import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWithResults, type SweepsFolder } from './small-sweeps.ts';

const TERMINAL = fileURLToPath(new URL('sized-terminal.py', import.meta.url));

let results: SweepsFolder;
beforeAll(() => {
  results = folderWithResults('arms');
});
afterAll(() => results.remove());

async function shown(args: string[], prefix: string[] = []): Promise<string[]> {
  const command = l2bn(args, { cwd: results.folder, env: { NO_COLOR: '1', TERM: 'xterm' }, prefix });
  expect(await command.ended, command.stderr).toBe(0);
  return command.stdout.replaceAll('\r\n', '\n').trimEnd().split('\n');
}
const on = (columns: number, ...args: string[]) => shown(args, ['python3', TERMINAL, String(columns)]);
const widest = (lines: string[]) => Math.max(...lines.map((line) => line.length));

describe.runIf(process.platform !== 'win32')('l2bn table on a terminal of 80 columns', () => {
  it('shows what fits, and the command that shows all', async () => {
    const lines = await on(80, 'table', 'arms');
    expect(widest(lines)).toBeLessThanOrEqual(80);
    expect(lines[0]).toMatch(/^cell +n +val acc .*‖w‖ ratio +\(1−2ηλ\)\^T$/);
    expect(lines).toHaveLength(2 + 4 + 1);
    expect(lines.at(-1)).toMatch(/^… \d more columns: l2bn table sweeps\/arms --wide$/);
  });

  it('shows all with --wide, in a pipe and where there is room', async () => {
    const piped = await shown(['table', 'arms']);
    expect(piped[0]).toMatch(
      / n +val acc +best +val ce +penalty +‖.*‖ start +end +ratio +\(1−2ηλ\)\^T +mean \|first ten\|$/,
    );
    expect(widest(piped)).toBeGreaterThan(80);
    expect(await on(80, 'table', 'arms', '--wide')).toEqual(piped);
    expect(await on(widest(piped), 'table', 'arms')).toEqual(piped);
  });

  it('fits the table at the end of a run', async () => {
    const lines = await on(80, 'run', 'arms.yaml', '--no-page', '--no-keep');
    const table = lines.slice(lines.findIndex((line) => line.startsWith('cell ')));
    expect(table.slice(0, 6).every((line) => line.length <= 80)).toBe(true);
    expect(table[6]).toMatch(/^… \d more columns: l2bn table sweeps\/arms --wide$/);
  });
});
