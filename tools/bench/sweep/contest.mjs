/**
 * The whole contest: every contestant on every plan, in turns, all on one disk.
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { wantedCache } from '../../../packages/core/setup/cache.mjs';
import { pythonFor } from '../python/environment.mjs';
import { median } from '../report/statistics.mjs';
import { syncTimes } from './disk.mjs';
import { gridOf } from './grid.mjs';
import { race } from './race.mjs';
import { isFinished, measurementOf, summarise } from './report/summary.mjs';
import { report } from './report/table.mjs';
import { l2bnSettings, peerSettings, scriptNamed } from './settings.mjs';

/** @typedef {import('./options.mjs').SweepBenchOptions} SweepBenchOptions */
/** @typedef {import('./settings.mjs').Setting} Setting */
/** @typedef {import('./report/summary.mjs').Measurement} Measurement */
/** @typedef {import('./report/summary.mjs').Result} Result */
/** @typedef {import('./report/summary.mjs').Summary} Summary */

/**
 * @typedef {object} Resume opening a folder whose sweep is done
 * @property {number} planSeconds to read the sweep file
 * @property {number} openSeconds to read the ledger and know that nothing is left
 * @property {boolean} isComplete
 * @property {number} done
 */

/**
 * @typedef {object} Parts milliseconds per trial of each part by itself
 * @property {number} ledger
 * @property {number | null} ledgerInMemory null where no file system in memory is known
 * @property {number} scheduler
 * @property {number} channel
 */

/**
 * @typedef {object} SizeResult
 * @property {number} cells
 * @property {Summary[]} contestants
 * @property {Resume | undefined} resume undefined if the sweep came to no end in time
 * @property {Parts} parts
 */

/**
 * @typedef {object} SweepBenchResult
 * @property {{ cpu: string, cores: number, memory: number, node: string, inMemory: boolean }} machine `inMemory`: what
 * stands for the disk is memory
 * @property {number} limit
 * @property {Record<string, string>} unavailable peers that could not be had, and why
 * @property {SizeResult[]} sizes
 */

/** File system type of statfs(2) for one in memory. */
const TMPFS = 0x01021994;

/** @param {string} line */
const say = (line) => process.stderr.write(`bench: ${line}\n`);

/**
 * Text for stdout.
 * @param {SweepBenchOptions} options
 */
export async function contest(options) {
  const { settings, unavailable } = await settingsOf(options);
  const parent = options.folder ?? join(wantedCache(), 'bench');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'sweep-'));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clean);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => process.exit(1));
  try {
    /** @type {SizeResult[]} */
    const sizes = [];
    for (const cells of options.sizes) sizes.push(await measureSize(cells, settings, options, folder));
    /** @type {SweepBenchResult} */
    const result = { machine: machineOf(folder), limit: options.limit, unavailable, sizes };
    return options.json ? `${JSON.stringify(result, null, 2)}\n` : report(result);
  } finally {
    clean();
  }
}

/** A peer that cannot be had on this machine is no reason not to measure the others. @param {SweepBenchOptions} options */
async function settingsOf({ peers, workers }) {
  const settings = l2bnSettings(workers);
  /** @type {Record<string, string>} */
  const unavailable = {};
  for (const peer of peers) {
    try {
      settings.push(...peerSettings(peer, await pythonFor(peer, say), workers));
    } catch (error) {
      unavailable[peer] = error instanceof Error ? error.message : String(error);
      say(`${peer} takes no part: ${unavailable[peer]}`);
    }
  }
  return { settings, unavailable };
}

/**
 * @param {number} cells
 * @param {Setting[]} settings
 * @param {SweepBenchOptions} options
 * @param {string} parent
 * @returns {Promise<SizeResult>}
 */
async function measureSize(cells, settings, options, parent) {
  const folder = join(parent, `${cells}`);
  mkdirSync(folder);
  const sweepFile = join(folder, 'sweep.json');
  writeFileSync(sweepFile, JSON.stringify({ name: 'bench', axes: gridOf(cells) }));
  /** @type {Measurement[][]} */
  const rounds = [];
  for (let round = 1; round <= options.rounds; round++) {
    /** @type {Measurement[]} */
    const measurements = [];
    for (const [index, setting] of settings.entries()) {
      const own = join(folder, `${round}-${index}`);
      const label = `${cells} cells, round ${round} of ${options.rounds}, ${setting.contestant} (${setting.name})`;
      const measurement = await measure(setting, { cells, sweepFile, folder: own, limit: options.limit });
      say(`${label}: ${told(measurement)}`);
      measurements.push(measurement);
      // The ledger that is opened once more below stays; nothing else may fill the disk meanwhile.
      if (round > 1 || index > 0) rmSync(own, { recursive: true, force: true });
    }
    rounds.push(measurements);
  }
  const task = { sweepFile, folder: join(folder, '1-0'), jobs: options.workers };
  const first = rounds[0]?.[0];
  const isDone = first !== undefined && isFinished(first) && !first.isCutOff;
  const resume = isDone ? await resumeOf(task, cells, options) : undefined;
  const parts = await partsOf({ ...task, folder }, options);
  rmSync(folder, { recursive: true, force: true });
  return { cells, contestants: summarise(rounds), resume, parts };
}

/**
 * @param {Setting} setting
 * @param {{ cells: number, sweepFile: string, folder: string, limit: number }} plan
 * @returns {Promise<Measurement>}
 */
export async function measure(setting, { cells, sweepFile, folder, limit }) {
  mkdirSync(folder, { recursive: true });
  const { contestant, name, program, script, env, jobs, config } = setting;
  const task = { folder, limit, jobs, ...(contestant === 'l2bn' ? { sweepFile } : { grid: gridOf(cells) }), ...config };
  const label = `${contestant} (${name})`;
  try {
    const args = [...script, JSON.stringify(task)];
    const before = syncTimes(folder);
    const run = /** @type {import('./race.mjs').Run<Result>} */ (await race({ label, program, args, env, limit }));
    return measurementOf(setting, cells, run, median([...before, ...syncTimes(folder)]));
  } catch (error) {
    // Ours failing is a defect; a peer's is a result.
    if (contestant === 'l2bn') throw error;
    return { setting, error: error instanceof Error ? error.message : String(error) };
  }
}

/** @param {Measurement} measurement */
function told(measurement) {
  if (!isFinished(measurement)) return measurement.error;
  const { trials, seconds, isCutOff, milliseconds, tenths, othersCores } = measurement;
  const cut = isCutOff ? ', then its time was up' : '';
  const others = othersCores === undefined ? '' : `, others busy on ${othersCores.toFixed(2)} cores`;
  const [first, last] = [tenths[0], tenths.at(-1)];
  const slope = first && last ? `, first tenth ${first.toFixed(2)}, last tenth ${last.toFixed(2)}` : '';
  return `${trials} trials in ${seconds.toFixed(1)} s${cut}: ${milliseconds.toFixed(2)} ms each${slope}${others}`;
}

/**
 * @param {{ sweepFile: string, folder: string, jobs: number }} task
 * @param {number} cells
 * @param {SweepBenchOptions} options
 */
async function resumeOf(task, cells, options) {
  const resume = /** @type {Resume} */ (await scriptResult('resume.mjs', task, options));
  if (!resume.isComplete || resume.done !== cells) {
    throw new Error(`of ${cells} trials ${resume.done} were done when the ledger was opened again`);
  }
  return resume;
}

/**
 * @param {{ sweepFile: string, folder: string, jobs: number }} task
 * @param {SweepBenchOptions} options
 */
async function partsOf(task, options) {
  say('what the parts take by themselves');
  return /** @type {Parts} */ (await scriptResult('parts.mjs', task, options));
}

/**
 * @param {string} script
 * @param {object} task
 * @param {SweepBenchOptions} options
 */
async function scriptResult(script, task, { limit }) {
  const args = [scriptNamed(script), JSON.stringify(task)];
  const { result } = await race({ label: script, program: process.execPath, args, env: {}, limit });
  return result;
}

/** @param {string} folder */
const machineOf = (folder) => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory: totalmem(),
  node: process.version,
  inMemory: statfsSync(folder).type === TMPFS,
});
