/**
 * What the command lines of the benchmarks have in common. Imports nothing that only the set-up brings.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What was asked for cannot be done; the message is all that there is to say. */
export class UsageError extends Error {}

/** @param {number} value */
export const isCount = (value) => Number.isInteger(value) && value >= 1;

/** @param {string} text */
export const listOf = (text) => text.split(',').filter((part) => part !== '');

/**
 * @param {string} option
 * @param {string} text
 * @param {(value: number) => boolean} fits
 * @param {string} want
 */
export function numberOf(option, text, fits, want) {
  const value = Number(text);
  if (!(Number.isFinite(value) && fits(value))) throw new UsageError(`${option}: got ${text}, want ${want}`);
  return value;
}

/**
 * Those of the peers that are asked for, in the order of `all`.
 *
 * @template {string} Peer
 * @param {string} text
 * @param {readonly Peer[]} all
 * @returns {Peer[]}
 */
export function peersOf(text, all) {
  const names = listOf(text);
  const unknown = names.find((name) => !all.some((peer) => peer === name));
  if (unknown !== undefined) throw new UsageError(`--peers: got ${unknown}, want ${all.join(' or ')}`);
  return all.filter((peer) => names.includes(peer));
}

/**
 * Runs a benchmark from its command line: only its result goes to stdout.
 *
 * @template Options
 * @param {object} benchmark
 * @param {string} benchmark.usage
 * @param {(args: string[]) => Options | 'help'} benchmark.parse
 * @param {(options: Options) => Promise<string>} benchmark.run called after the set-up
 */
export async function runBenchmark({ usage, parse, run }) {
  // What the modules of the set-up print goes the other way.
  const stdout = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  try {
    const options = parse(process.argv.slice(2));
    if (options === 'help') stdout(usage);
    else {
      setUp();
      stdout(await run(options));
    }
  } catch (error) {
    const isUsage =
      error instanceof UsageError || /** @type {{ code?: string }} */ (error).code?.startsWith('ERR_PARSE');
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`bench: ${text}\n${isUsage ? `\n${usage}` : ''}`);
    if (process.env.L2BN_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

function setUp() {
  const script = fileURLToPath(new URL('../setup/setup.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('the set-up failed; what it said is above');
}
