/**
 * Who takes part, and how.
 */
import { fileURLToPath } from 'node:url';

/** @typedef {import('./options.mjs').Peer} Peer */

/**
 * @typedef {object} Setting
 * @property {'l2bn' | Peer} contestant
 * @property {string} name
 * @property {string} program
 * @property {string[]} script with what stands before it on the command line
 * @property {Record<string, string>} env
 * @property {number} jobs trials at the same time
 * @property {Record<string, unknown>} config what the script is told besides the plan
 */

/** What a no-op trial reports; the host reads it from its environment. */
export const TRIAL_VARIABLE = 'L2BN_BENCH_TRIAL';

/**
 * The first one is what all others are compared with.
 * @param {number} workers
 * @returns {Setting[]}
 */
export function l2bnSettings(workers) {
  /** @type {(name: string, jobs: number, trial: 'report' | 'epoch') => Setting} */
  const setting = (name, jobs, trial) => ({
    contestant: 'l2bn',
    name,
    program: process.execPath,
    script: ['--expose-gc', scriptNamed('l2bn.mjs')],
    env: { [TRIAL_VARIABLE]: trial },
    jobs,
    config: {},
  });
  return [
    setting(`${workersText(workers)}, one report`, workers, 'report'),
    ...(workers === 1 ? [] : [setting('1 worker, one report', 1, 'report')]),
    setting(`${workersText(workers)}, a real epoch's events`, workers, 'epoch'),
  ];
}

/**
 * @param {Peer} peer
 * @param {string} python
 * @param {number} workers
 * @returns {Setting[]}
 */
export function peerSettings(peer, python, workers) {
  /** @type {(name: string, jobs: number, config: Record<string, unknown>, env?: Record<string, string>) => Setting} */
  const setting = (name, jobs, config, env = {}) => ({
    contestant: peer,
    name,
    program: python,
    script: [scriptNamed(`${peer}_sweep.py`)],
    env: { PYTHONDONTWRITEBYTECODE: '1', ...env },
    jobs,
    config,
  });
  if (peer === 'ray') {
    return [
      setting(`${workers} CPUs`, workers, { reuseActors: false }),
      // What Ray can leave out: a new process for each trial, and the files of results.
      setting(`${workers} CPUs, reuse_actors, no result files`, workers, { reuseActors: true }, NO_LOGGERS),
    ];
  }
  return ['sqlite', 'journal'].flatMap((storage) =>
    [...new Set([1, workers])].map((jobs) => setting(`${storage}, n_jobs=${jobs}`, jobs, { storage })),
  );
}

const NO_LOGGERS = { TUNE_DISABLE_AUTO_CALLBACK_LOGGERS: '1' };

/** @param {number} workers */
const workersText = (workers) => (workers === 1 ? '1 worker' : `${workers} workers`);

/** @param {string} name */
export const scriptNamed = (name) => fileURLToPath(new URL(`contestants/${name}`, import.meta.url));
