/**
 * The whole comparison: every contestant at every size, in turns.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsOf } from './contestants.mjs';
import { measureMachine } from './machine/machine.mjs';
import { pythonFor } from './python/environment.mjs';
import { measure } from './race.mjs';
import { summarise } from './report/summary.mjs';
import { machineLines, tableOf } from './report/table.mjs';
import { PARAMETERS, prepareTask } from './task.mjs';

/** @typedef {import('./contestants.mjs').Setting} Setting */
/** @typedef {import('./options.mjs').BenchOptions} BenchOptions */
/** @typedef {import('./race.mjs').Measurement} Measurement */
/** @typedef {import('./report/summary.mjs').Summary} Summary */

/** Settings that reach less than this share of their contestant's best in the first round are not measured again. */
const HOPELESS = 0.75;
/** Penalties at the start may differ by this share: the initial weights are drawn by different generators. */
const PENALTY_TOLERANCE = 0.01;

/** @param {string} line */
const say = (line) => process.stderr.write(`bench: ${line}\n`);

/**
 * Text for stdout.
 * @param {BenchOptions} options
 */
export async function compare(options) {
  const cores = availableParallelism();
  const settings = [];
  for (const contestant of options.contestants) {
    const isPeer = contestant === 'keras' || contestant === 'pytorch';
    const machine = isPeer ? { cores, python: await pythonFor(contestant, say) } : { cores };
    settings.push(...settingsOf(contestant, machine));
  }
  const folder = mkdtempSync(join(tmpdir(), 'l2bn-bench-'));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clean);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => process.exit(1));
  try {
    const machine = options.machine ? await measureMachine(folder, cores, say) : undefined;
    if (machine) process.stderr.write(machineLines(machine));
    /** @type {Record<string, Summary[]>} */
    const sizes = {};
    for (const size of options.sizes)
      sizes[size] = summarise(await measureSize(size, settings, options, folder), options.calm);
    if (options.json) return `${JSON.stringify({ ...jsonOf(sizes), ...(machine && { machine }) }, null, 2)}\n`;
    return `${tableOf(sizes, cores)}${machine ? machineLines(machine) : ''}`;
  } finally {
    clean();
  }
}

/**
 * @param {number} size
 * @param {Setting[]} settings
 * @param {BenchOptions} options
 * @param {string} folder
 */
async function measureSize(size, settings, { rounds, seconds, calm }, folder) {
  const task = prepareTask(folder, size, seconds);
  /** @type {Measurement[][]} */
  const measured = [];
  let hopeful = settings;
  for (let round = 1; round <= rounds; round++) {
    /** @type {Measurement[]} */
    const measurements = [];
    for (const setting of hopeful) {
      const measurement = await measure(setting, task, calm);
      const { imagesPerSecond, othersCores } = measurement;
      const others = othersCores === undefined ? '' : `, others busy on ${othersCores.toFixed(2)} cores`;
      const label = `${size}×${size}, round ${round} of ${rounds}, ${setting.contestant} (${setting.name})`;
      say(`${label}: ${imagesPerSecond.toFixed(1)} images/s${others}`);
      measurements.push(measurement);
    }
    measured.push(measurements);
    if (round === 1) {
      checkEqual(measurements);
      hopeful = settings.filter((setting) => isHopeful(setting, measurements));
    }
  }
  return measured;
}

/**
 * @param {Setting} setting
 * @param {Measurement[]} measurements
 */
function isHopeful(setting, measurements) {
  const rivals = measurements.filter((other) => other.setting.contestant === setting.contestant);
  const own = rivals.find((other) => other.setting === setting);
  return own !== undefined && meritOf(own) >= HOPELESS * Math.max(...rivals.map(meritOf));
}

/** The rate by the cores that other programs left. @param {Measurement} measurement */
const meritOf = ({ imagesPerSecond, othersCores = 0 }) =>
  imagesPerSecond / Math.max(0.1, availableParallelism() - othersCores);

/** All train one network: as many parameters, and a penalty over the same kernels.
 * @param {Measurement[]} measurements
 */
function checkEqual(measurements) {
  const reference = measurements[0]?.ready.penalty ?? 0;
  for (const { setting, ready } of measurements) {
    if (ready.parameters !== PARAMETERS) {
      throw new Error(`${setting.contestant} has ${ready.parameters} parameters instead of ${PARAMETERS}`);
    }
    if (!(Math.abs(ready.penalty / reference - 1) <= PENALTY_TOLERANCE)) {
      throw new Error(`${setting.contestant} begins with a penalty of ${ready.penalty} instead of ${reference}`);
    }
  }
}

/** By size and contestant. @param {Record<string, Summary[]>} sizes */
const jsonOf = (sizes) =>
  Object.fromEntries(
    Object.entries(sizes).map(([size, summaries]) => [
      size,
      Object.fromEntries(summaries.map(({ contestant, ...summary }) => [contestant, summary])),
    ]),
  );
