import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectSuccess } from './expectations.ts';
import {
  cacheWithBinding,
  folderOfFile,
  libraryIn,
  makeProject,
  pathWithStandInPip,
  readyLibrary,
  setUp,
  startSetUp,
} from './sandbox.ts';

/** Empty at first; the second test finds the binding that the first has compiled. */
const cache = folderOfFile();

describe('two set-ups at once', { timeout: 120_000 }, () => {
  test('in one project: the second waits with a word and finds all done', async () => {
    const project = makeProject();
    const pip = pathWithStandInPip();
    const env = { L2BN_CACHE: cache, PATH: pip.path };
    const both = await Promise.all([setUp(project, env), setUp(project, env)]);
    for (const outcome of both) expectSuccess(outcome);
    const words = both.map((outcome) => outcome.stdout);
    expect(words.filter((text) => text.includes('another set-up'))).toHaveLength(1);
    expect(words.filter((text) => text.includes('compiles'))).toHaveLength(1);
    expect(readFileSync(pip.log, 'utf8')).toBe('download\n');
  });

  test('in two projects with one cache: one download serves both', async () => {
    const pip = pathWithStandInPip();
    rmSync(libraryIn(cache), { recursive: true, force: true });
    const env = { L2BN_CACHE: cache, PATH: pip.path };
    const both = await Promise.all([setUp(makeProject(), env), setUp(makeProject(), env)]);
    for (const outcome of both) expectSuccess(outcome);
    expect(readFileSync(pip.log, 'utf8')).toBe('download\n');
  });

  test('a holder that has died does not block the next one', async () => {
    const cache = cacheWithBinding();
    const lock = join(cache, 'setup.lock');
    // No process has this number: it is above what Linux and macOS give out.
    writeFileSync(lock, JSON.stringify({ pid: 4_194_305, host: hostname(), started: '1', token: 'dead' }));
    const outcome = await setUp(makeProject(), { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: cache });
    expectSuccess(outcome);
    expect(outcome.stdout).not.toMatch(/another set-up/);
    expect(existsSync(lock)).toBe(false);
  });

  test('nor does one whose number was given to another process since', async ({ skip }) => {
    if (process.platform !== 'linux') skip('when a process began is only known on Linux');
    const cache = cacheWithBinding();
    writeFileSync(
      join(cache, 'setup.lock'),
      JSON.stringify({ pid: process.pid, host: hostname(), started: '1', token: 'reused' }),
    );
    expectSuccess(await setUp(makeProject(), { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: cache }));
  });

  test('a holder that lives is waited for', async () => {
    const cache = cacheWithBinding();
    const lock = join(cache, 'setup.lock');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), started: startOfThis(), token: 'alive' }));
    const waiting = startSetUp(makeProject(), { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: cache });
    await waiting.said(`another set-up (process ${process.pid})`);
    writeFileSync(lock, JSON.stringify({ pid: 4_194_305, host: hostname(), started: '1', token: 'gone' }));
    expectSuccess(await waiting.outcome);
    // One that had not waited would have left what is not its own.
    expect(existsSync(lock)).toBe(false);
  });
});

function startOfThis(): string {
  if (process.platform !== 'linux') return '';
  const stat = readFileSync('/proc/self/stat', 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
