#!/usr/bin/env node
/**
 * What `npm test` does after the set-up: lint, types, tests, of all packages. All three are run whatever the others
 * say, so that one run tells everything.
 */
import { join } from 'node:path';
import { reportFailures } from '../../packages/core/setup/report.mjs';
import { nxScript } from './nx.mjs';
import { ROOT } from './paths.mjs';
import { runCheck } from './run-check.mjs';

const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const nx = nxScript();

const BENCH_TESTS = ['report/report.test.mjs', 'sweep/report/summary.test.mjs', 'sweep/sweep.test.mjs'];

const CHECKS = [
  { name: 'lint', args: [biome, 'check', '--error-on-warnings', '.'] },
  { name: 'typecheck of the set-up', args: [tsc, '-p', join(ROOT, 'tools', 'setup')] },
  {
    name: 'tests of the benchmark',
    args: ['--test', '--test-reporter=dot', ...BENCH_TESTS.map((name) => join(ROOT, 'tools', 'bench', name))],
  },
  { name: 'typecheck of the benchmark', args: [tsc, '-p', join(ROOT, 'tools', 'bench')] },
  { name: 'typecheck', args: [nx, 'run-many', '-t', 'typecheck', '--parallel=2', '--outputStyle=static'] },
  // One package at a time: each process with TensorFlow takes 400 MB and the tests use all cores by themselves.
  { name: 'test', args: [nx, 'run-many', '-t', 'test', '--parallel=1', '--outputStyle=stream-without-prefixes'] },
];

await reportFailures(async () => {
  const failed = [];
  for (const { name, args } of CHECKS) {
    process.stdout.write(`\n── ${name}\n`);
    if ((await runCheck(args)) !== 0) failed.push(name);
  }
  process.stdout.write(failed.length === 0 ? '\nlint, types and tests pass\n' : `\nfailed: ${failed.join(', ')}\n`);
  if (failed.length > 0) process.exitCode = 1;
});
