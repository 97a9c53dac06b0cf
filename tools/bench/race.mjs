/**
 * One measurement: the processes of a setting get ready, start together and train for the same time. They end when their
 * stdin does, so none outlives this process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { environmentOf } from './contestants.mjs';
import { busyCores } from './load.mjs';

/** @typedef {import('./contestants.mjs').Setting} Setting */
/** @typedef {import('./task.mjs').Task} Task */

/**
 * What a process says before it is started, as one line of JSON.
 * @typedef {object} Ready
 * @property {number} parameters
 * @property {number} penalty Σ c·w² before the first step
 * @property {number} loss cross-entropy and penalty of the first step
 * @property {string} version
 */

/**
 * What a process says after each measurement, as one line of JSON.
 * @typedef {object} Result
 * @property {number} imagesPerSecond
 * @property {number} steps
 * @property {number} seconds
 * @property {number} cpuSeconds of the process, while it trained
 * @property {number | null} loss the lowest; null if training ended in NaN or infinity
 */

/**
 * @typedef {object} Measurement
 * @property {Setting} setting
 * @property {number} imagesPerSecond of all processes together
 * @property {number} steps
 * @property {number} seconds
 * @property {Ready} ready of the first process
 * @property {number | undefined} othersCores cores that other programs kept busy meanwhile; undefined where unknown
 */

/** How often a disturbed measurement is taken again. */
const PATIENCE = 8;

/**
 * @param {Setting} setting
 * @param {Task} task
 * @param {number} calm a measurement is taken again while other programs keep more cores than this busy; the calmest counts
 * @returns {Promise<Measurement>}
 */
export async function measure(setting, task, calm) {
  const runs = Array.from({ length: setting.processes }, () => new Run(setting, task));
  try {
    const readies = /** @type {Ready[]} */ (await Promise.all(runs.map((run) => run.nextLine())));
    let calmest = await measureOnce(setting, runs, readies);
    for (let again = 0; again < PATIENCE && (calmest.othersCores ?? 0) > calm; again++) {
      const next = await measureOnce(setting, runs, readies);
      if ((next.othersCores ?? 0) < (calmest.othersCores ?? 0)) calmest = next;
    }
    return calmest;
  } finally {
    await Promise.all(runs.map((run) => run.end()));
  }
}

/**
 * @param {Setting} setting
 * @param {Run[]} runs
 * @param {Ready[]} readies
 * @returns {Promise<Measurement>}
 */
async function measureOnce(setting, runs, readies) {
  const load = busyCores();
  const started = performance.now();
  for (const run of runs) run.start();
  const results = /** @type {Result[]} */ (await Promise.all(runs.map((run) => run.nextLine())));
  const wall = (performance.now() - started) / 1000;
  const own = sum(results.map(({ cpuSeconds }) => cpuSeconds)) / wall;
  const busy = load();
  for (const [index, ready] of readies.entries()) {
    checkTraining(setting, ready, /** @type {Result} */ (results[index]));
  }
  return {
    setting,
    imagesPerSecond: sum(results.map(({ imagesPerSecond }) => imagesPerSecond)),
    steps: sum(results.map(({ steps }) => steps)),
    seconds: Math.max(...results.map(({ seconds }) => seconds)),
    ready: /** @type {Ready} */ (readies[0]),
    othersCores: busy === undefined ? undefined : Math.max(0, busy - own),
  };
}

/** Steps after which the loss must have been below its start: with Batch Normalization at this rate it first rises. */
const ENOUGH_STEPS = 50;

/** A rate of steps that do not learn says nothing.
 * @param {Setting} setting
 * @param {Ready} ready
 * @param {Result} result
 */
function checkTraining({ contestant, name }, ready, result) {
  if (result.loss !== null && (result.loss < ready.loss || result.steps < ENOUGH_STEPS)) return;
  throw new Error(`${contestant} (${name}) does not train: from a loss of ${ready.loss} it came to ${result.loss}`);
}

class Run {
  /**
   * @param {Setting} setting
   * @param {Task} task
   */
  constructor(setting, task) {
    this.label = `${setting.contestant} (${setting.name})`;
    this.tail = '';
    this.child = spawn(setting.program, [setting.script, JSON.stringify({ ...task, ...setting.config })], {
      env: environmentOf(setting),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr.on('data', (text) => this.keep(`${text}`));
    this.closed = once(this.child, 'close');
    // Whoever waits for a line reports the failure; this only keeps it from being an unhandled one.
    this.closed.catch(() => {});
    this.child.stdin.on('error', () => {});
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  start() {
    this.child.stdin.write('go\n');
  }

  /** The next line of JSON; frameworks print other things in between. */
  async nextLine() {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) {
        const [code, signal] = await this.closed;
        throw new Error(`${this.label} ended with ${signal ?? `exit code ${code}`}:\n${this.tail}`);
      }
      if (value.startsWith('{')) return JSON.parse(value);
      this.keep(`${value}\n`);
    }
  }

  async end() {
    this.child.kill('SIGKILL');
    await this.closed.catch(() => {});
  }

  /** @param {string} text */
  keep(text) {
    this.tail = (this.tail + text).slice(-3_000);
  }
}

/** @param {number[]} values */
const sum = (values) => values.reduce((total, value) => total + value, 0);
