#!/usr/bin/env node
/**
 * `npm run bench:sweep`: what a sweep spends on a trial besides the training, beside what its peers spend. Says on stderr
 * what it does, on stdout what came out.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { requireNode } from '../../../packages/core/setup/node-version.mjs';

requireNode();

const { parseOptions, USAGE } = await import('./options.mjs');
const { UsageError } = await import('../options.mjs');

// Only the result may stand on stdout; what the modules of the set-up print goes the other way.
const stdout = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') stdout(USAGE);
  else {
    setUp();
    // What it imports is there only after the set-up.
    const { contest } = await import('./contest.mjs');
    stdout(await contest(options));
  }
} catch (error) {
  const isUsage = error instanceof UsageError || /** @type {{ code?: string }} */ (error).code?.startsWith('ERR_PARSE');
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bench: ${text}\n${isUsage ? `\n${USAGE}` : ''}`);
  if (process.env.L2BN_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = isUsage ? 2 : 1;
}

function setUp() {
  const script = fileURLToPath(new URL('../../setup/setup.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('the set-up failed; what it said is above');
}
