/**
 * The command line of the sweep benchmark.
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isCount, listOf, numberOf, peersOf, UsageError } from '../command-line.mjs';
import { GRID_STEP } from './grid.mjs';

export const PEERS = /** @type {const} */ (['optuna', 'ray']);
/** @typedef {(typeof PEERS)[number]} Peer */

/**
 * @typedef {object} SweepBenchOptions
 * @property {Peer[]} peers
 * @property {number[]} sizes cells of the plans
 * @property {number} limit seconds that a contestant gets for a plan
 * @property {number} rounds how often each contestant runs each plan
 * @property {number} workers trials at the same time
 * @property {string | undefined} folder takes the ledgers and the peers' storages; one in the cache when left out
 * @property {boolean} json
 */

export const USAGE = `npm run bench:sweep -- [options]

  --peers optuna,ray        compare with these too (makes a Python environment in the cache: 0.3 GB and 0.8 GB)
  --cells 100,1000,10000    cells of the plans, multiples of ${GRID_STEP}
  --limit 120               seconds that a contestant gets for a plan; then it is stopped, and what it did counts
  --rounds 1                runs of each plan, contestants taking turns; the table shows medians
  --workers 2               trials at the same time, where a contestant runs several (as many as there are cores)
  --folder FOLDER           where ledgers and storages are written for the time of a run (a folder in the cache)
  --json                    one JSON object on stdout instead of the tables
`;

/**
 * @param {string[]} args
 * @returns {SweepBenchOptions | 'help'}
 */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      peers: { type: 'string', default: '' },
      cells: { type: 'string', default: '100,1000,10000' },
      limit: { type: 'string', default: '120' },
      rounds: { type: 'string', default: '1' },
      workers: { type: 'string', default: `${availableParallelism()}` },
      folder: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const sizes = listOf(values.cells).map((cells) => numberOf('--cells', cells, isSize, `multiples of ${GRID_STEP}`));
  if (sizes.length === 0) throw new UsageError(`--cells: got none, want multiples of ${GRID_STEP}`);
  return {
    peers: peersOf(values.peers, PEERS),
    sizes: [...new Set(sizes)],
    limit: numberOf('--limit', values.limit, (value) => value > 0, 'a number > 0'),
    rounds: numberOf('--rounds', values.rounds, isCount, 'a whole number ≥ 1'),
    workers: numberOf('--workers', values.workers, isCount, 'a whole number ≥ 1'),
    folder: values.folder === undefined ? undefined : resolve(values.folder),
    json: values.json,
  };
}

/** @param {number} value */
const isSize = (value) => isCount(value) && value % GRID_STEP === 0;
