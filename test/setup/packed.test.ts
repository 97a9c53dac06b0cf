import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectSuccess } from './expectations.ts';
import { cacheWithBinding, ROOT, readyLibrary, runAnOp, runNode, runProgram, temporaryFolder } from './sandbox.ts';

/** npm keeps what `npm ci` of the clone has fetched, so this asks the network for little or nothing. */
const NPM = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--no-progress', '--loglevel=error'];

test('the packed core, installed elsewhere, brings a command that makes tfjs-node work', {
  timeout: 300_000,
}, async () => {
  const folder = temporaryFolder();
  const packed = await runProgram(
    'npm',
    ['pack', '--silent', '--pack-destination', folder],
    join(ROOT, 'packages', 'core'),
  );
  expect(packed.code).toBe(0);
  const tarball = packed.stdout.trim().split('\n').at(-1) ?? '';
  writeFileSync(join(folder, 'package.json'), '{ "name": "elsewhere", "private": true, "type": "module" }\n');
  const installed = await runProgram('npm', ['install', ...NPM, `./${tarball}`], folder);
  expect(installed.code, installed.stderr).toBe(0);
  expect(existsSync(join(folder, 'node_modules', '@l2bn', 'core', 'setup', 'main.mjs'))).toBe(true);

  const env = { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: cacheWithBinding() };
  const setUp = await runProgram(join(folder, 'node_modules', '.bin', 'l2bn-setup'), [], folder, env);
  expectSuccess(setUp);
  expect(setUp.stdout).toMatch(/tfjs-node runs on TensorFlow/);
  expect((await runAnOp(folder)).stdout).toBe('14');

  const library = "const core = await import('@l2bn/core'); process.stdout.write(typeof core);";
  const loaded = await runNode(['--input-type=module', '-e', library], folder, { TF_CPP_MIN_LOG_LEVEL: '2' });
  expect(loaded.stdout, loaded.stderr).toBe('object');
});
