#!/usr/bin/env node
/**
 * `npm run bench`: how many images a second the whole machine trains on, the engines and their peers side by side. Says
 * on stderr what it does, on stdout what came out.
 */
import { requireNode } from '../../packages/core/setup/node-version.mjs';

requireNode();

const { parseOptions, USAGE } = await import('./options.mjs');
const { runBenchmark } = await import('./command-line.mjs');

await runBenchmark({
  usage: USAGE,
  parse: parseOptions,
  run: async (options) => {
    // What it imports is there only after the set-up.
    const { compare } = await import('./compare.mjs');
    return compare(options);
  },
});
