/**
 * The command line of the benchmark.
 */
import { parseArgs } from 'node:util';
import { isCount, listOf, numberOf, peersOf, UsageError } from './command-line.mjs';

export const PEERS = /** @type {const} */ (['keras', 'pytorch']);
/** @typedef {(typeof PEERS)[number]} Peer */
/** @typedef {'graph' | 'layers' | Peer} Contestant */

/**
 * @typedef {object} BenchOptions
 * @property {Contestant[]} contestants
 * @property {number[]} sizes sides of the images
 * @property {number} seconds length of one measurement
 * @property {number} rounds how often each contestant is measured
 * @property {number} calm cores that other programs may keep busy during a measurement
 * @property {boolean} json
 * @property {boolean} machine whether the machine's limits are measured too
 */

export const USAGE = `npm run bench -- [options]

  --peers keras,pytorch   compare with these too (makes a Python environment in the cache: 2 GB and 4 GB)
  --sizes 32,96           sides of the images
  --seconds 10            length of one measurement
  --rounds 3              measurements of each, taken in turns; the table shows medians
  --calm 0.2              take a measurement again (up to 8 times) while others keep more cores than that
                          busy; those that stay so count only where a setting has no calm one
  --machine               measure what the machine can do: arithmetic, matrix products, memory
  --json                  one JSON object on stdout instead of the table
`;

/**
 * @param {string[]} args
 * @returns {BenchOptions | 'help'}
 */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      peers: { type: 'string', default: '' },
      sizes: { type: 'string', default: '32,96' },
      seconds: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      calm: { type: 'string', default: 'Infinity' },
      machine: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const sizes = listOf(values.sizes).map((size) => numberOf('--sizes', size, isSize, 'multiples of 32'));
  if (sizes.length === 0) throw new UsageError('--sizes: got none, want multiples of 32');
  return {
    contestants: ['graph', 'layers', ...peersOf(values.peers, PEERS)],
    sizes: [...new Set(sizes)],
    seconds: numberOf('--seconds', values.seconds, (value) => value > 0, 'a number > 0'),
    rounds: numberOf('--rounds', values.rounds, isCount, 'a whole number ≥ 1'),
    calm:
      values.calm === 'Infinity' ? Infinity : numberOf('--calm', values.calm, (value) => value >= 0, 'a number ≥ 0'),
    machine: values.machine,
    json: values.json,
  };
}

/** Where every map is even before a stride, all frameworks pad alike. @param {number} value */
const isSize = (value) => isCount(value) && value % 32 === 0;
