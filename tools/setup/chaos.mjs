#!/usr/bin/env node
/** What `npm run chaos` does after the set-up: all tests of faults, with 200 kills where `npm test` has 20. */
import { join } from 'node:path';
import { reportFailures } from '../../packages/core/setup/report.mjs';
import { ROOT } from './paths.mjs';
import { runCheck } from './run-check.mjs';

const KILLS = process.env.L2BN_CHAOS_KILLS ?? '200';
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');

await reportFailures(async () => {
  process.exitCode = await runCheck([vitest, 'run', 'chaos', ...process.argv.slice(2)], {
    cwd: join(ROOT, 'test'),
    env: { L2BN_CHAOS_KILLS: KILLS },
  });
});
