#!/usr/bin/env node
/**
 * `npm run bench:sweep`: what a sweep spends on a trial besides the training, beside what its peers spend. Says on stderr
 * what it does, on stdout what came out.
 */
import { requireNode } from '../../../packages/core/setup/node-version.mjs';

requireNode();

const { parseOptions, USAGE } = await import('./options.mjs');
const { runBenchmark } = await import('../command-line.mjs');

await runBenchmark({
  usage: USAGE,
  parse: parseOptions,
  run: async (options) => {
    // What it imports is there only after the set-up.
    const { contest } = await import('./contest.mjs');
    return contest(options);
  },
});
