import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectClearFailure, expectSuccess } from './expectations.ts';
import {
  cacheWithBinding,
  fillCache,
  folderOfFile,
  isFromWheel,
  libraryIn,
  makeProject,
  pathWithStandInPip,
  readyLibrary,
  runAnOp,
  runProgram,
  setUp,
  temporaryFolder,
} from './sandbox.ts';

/** One place for all of this file, since a binding is compiled for the place that its libtensorflow lies in. */
const cache = folderOfFile();

const FRAMEWORK = 'libtensorflow_framework.so.2';

/** The files of a test's cache are links to the clone's own ones: they have to be replaced, never written to. */
function replaceByOwnCopy(path: string): void {
  const copy = `${path}.copy`;
  cpSync(path, copy, { preserveTimestamps: true });
  rmSync(path);
  cpSync(copy, path, { preserveTimestamps: true });
  rmSync(copy);
}

describe.skipIf(!isFromWheel())('the cache', { timeout: 120_000 }, () => {
  test.each([
    [
      'a library that was cut short',
      (folder: string) => {
        replaceByOwnCopy(join(folder, FRAMEWORK));
        truncateSync(join(folder, FRAMEWORK), 1_000_000);
      },
      /has 1000000 bytes instead of/,
    ],
    [
      'a library with other bytes and the same length',
      (folder: string) => {
        replaceByOwnCopy(join(folder, FRAMEWORK));
        const content = readFileSync(join(folder, FRAMEWORK));
        content.fill(0, 30_000_000, 30_001_000);
        writeFileSync(join(folder, FRAMEWORK), content);
      },
      /was changed/,
    ],
    [
      'a missing header',
      (folder: string) => rmSync(join(folder, 'include/tensorflow/c/c_api.h')),
      /c_api\.h is missing/,
    ],
    ['a folder that was not finished', (folder: string) => rmSync(join(folder, 'manifest.json')), /not finished/],
    [
      'a manifest that is no JSON',
      (folder: string) => {
        rmSync(join(folder, 'manifest.json'));
        writeFileSync(join(folder, 'manifest.json'), '{ "files": ');
      },
      /not finished/,
    ],
  ])('%s is noticed and fetched again', async (_, damage, notice) => {
    fillCache(cache);
    damage(libraryIn(cache));
    const project = makeProject();
    const pip = pathWithStandInPip();
    const outcome = await setUp(project, { L2BN_CACHE: cache, PATH: pip.path });
    expectSuccess(outcome);
    expect(outcome.stdout).toMatch(notice);
    expect(readFileSync(pip.log, 'utf8')).toBe('download\n');
    expect((await runAnOp(project)).stdout).toBe('14');
  });

  test('damage is also noticed by a project that was set up before', async () => {
    fillCache(cache);
    const project = makeProject();
    const pip = pathWithStandInPip();
    expectSuccess(await setUp(project, { L2BN_CACHE: cache, PATH: pip.path }));
    rmSync(join(libraryIn(cache), FRAMEWORK));
    expectSuccess(await setUp(project, { L2BN_CACHE: cache, PATH: pip.path }));
    expect((await runAnOp(project)).stdout).toBe('14');
  });

  test('files with new times and old content are kept: a restored cache looks like that', async () => {
    fillCache(cache);
    const file = join(libraryIn(cache), FRAMEWORK);
    replaceByOwnCopy(file);
    utimesSync(file, new Date(), new Date());
    const pip = pathWithStandInPip();
    expectSuccess(await setUp(makeProject(), { L2BN_CACHE: cache, PATH: pip.path }));
    expect(existsSync(pip.log)).toBe(false);
  });

  test('a compiled binding that is damaged is compiled again', async () => {
    const cache = cacheWithBinding();
    const env = { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: cache };
    const seen = makeProject();
    expectSuccess(await setUp(seen, env));
    for (const name of readdirSync(join(cache, 'bindings'))) truncateSync(join(cache, 'bindings', name), 1000);
    const project = makeProject();
    const outcome = await setUp(project, env);
    expectSuccess(outcome);
    expect(outcome.stdout).toMatch(/does not work yet/);
    expect((await runAnOp(project)).stdout).toBe('14');
  });

  test('what a killed set-up left half-written is swept away', async () => {
    const cache = cacheWithBinding();
    mkdirSync(join(cache, 'libtensorflow.partial-1-abc', 'include'), { recursive: true });
    expectSuccess(await setUp(makeProject(), { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: cache }));
    expect(existsSync(join(cache, 'libtensorflow.partial-1-abc'))).toBe(false);
  });

  test('one that cannot be written gives way to one inside the project, with a word', async () => {
    const project = makeProject();
    const file = join(project, 'a-file');
    writeFileSync(file, '');
    const outcome = await setUp(project, { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: join(file, 'cache') });
    expectSuccess(outcome);
    expect(outcome.stdout).toMatch(/cannot be written \(ENOTDIR\), so .*node_modules\/\.cache\/l2bn is used instead/);
    expect(existsSync(join(project, 'node_modules', '.cache', 'l2bn', 'bindings'))).toBe(true);
  });

  test('where neither can be written the person is told which variable to set', async () => {
    const project = makeProject();
    writeFileSync(join(project, 'node_modules', '.cache'), '');
    const env = { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: join(project, 'package.json', 'cache') };
    expectClearFailure(await setUp(project, env), /neither cache can be written/, /Set L2BN_CACHE/);
  });

  test('a disk that is too small is seen before the download, with numbers', async ({ skip }) => {
    const disk = temporaryFolder();
    const mounted = await runProgram('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk], disk).catch(
      () => undefined,
    );
    if (mounted?.code !== 0) skip('a small disk can only be mounted by root');
    try {
      const outcome = await setUp(makeProject(), { L2BN_CACHE: disk, PATH: pathWithStandInPip().path });
      expectClearFailure(
        outcome,
        /too little disk: TensorFlow 2\.21\.0 needs 1179 MB in .*, and 6\d MB are free/,
        /L2BN_CACHE/,
      );
    } finally {
      await runProgram('umount', [disk], '/');
    }
  });

  test('a disk that fills up all the same is a message too', async ({ skip }) => {
    const disk = temporaryFolder();
    const mounted = await runProgram('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], disk).catch(
      () => undefined,
    );
    if (mounted?.code !== 0) skip('a small disk can only be mounted by root');
    try {
      const stuffing = join(disk, 'stuffing');
      await runProgram('dd', ['if=/dev/zero', `of=${stuffing}`, 'bs=4k'], disk);
      const outcome = await setUp(makeProject(), { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: disk });
      expect(outcome.stderr).not.toMatch(/^\s+at /m);
      expect(outcome.stderr + outcome.stdout).toMatch(/No space left|ENOSPC|disk/);
    } finally {
      await runProgram('umount', [disk], '/');
    }
  });
});
