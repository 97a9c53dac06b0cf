/**
 * From what contestants say to what a trial cost.
 */
import { median } from '../../report/statistics.mjs';

/** @typedef {import('../settings.mjs').Setting} Setting */

/**
 * What a contestant says at the end.
 * @typedef {object} Result
 * @property {number} readySeconds before the first trial could start
 * @property {number} seconds from then to the end
 * @property {number[]} finishedAt when each trial had its result, in seconds since the first could start
 * @property {number[]} cpuAt likewise, processor time of the process that schedules
 * @property {number} cells that have a result
 * @property {number} [coordinatorHeap] bytes of live objects that the coordinator holds at the end
 * @property {number} [coordinatorMemory] most resident memory of its process, in bytes
 */

/**
 * @typedef {object} Finished
 * @property {Setting} setting
 * @property {string} version
 * @property {number} trials that ended well in time
 * @property {number} cells that have a result; fewer than trials where some were done twice
 * @property {boolean} isCutOff whether time was up before all cells had a result
 * @property {number} seconds
 * @property {number} readySeconds
 * @property {number} milliseconds per trial; NaN if none ended
 * @property {number[]} tenths milliseconds per trial in each tenth of the trials that ended; empty if fewer than ten did
 * @property {number[]} cpuTenths likewise, processor time of the scheduling process
 * @property {number | undefined} cpuMilliseconds per trial, of all processes
 * @property {number | undefined} memory most resident bytes of all processes together
 * @property {number | undefined} coordinatorHeap
 * @property {number | undefined} coordinatorMemory
 * @property {number | undefined} othersCores cores that other programs kept busy meanwhile
 * @property {number} syncMilliseconds to bring 4 KiB to the disk, right before and after
 */

/** @typedef {Finished | { setting: Setting, error: string }} Measurement */

/**
 * One setting over all rounds, medians.
 * @typedef {object} Summary
 * @property {string} contestant
 * @property {string} setting
 * @property {string} version
 * @property {string | undefined} error why there is no number, or one round less
 * @property {number} rounds
 * @property {boolean} isCutOff in any round
 * @property {number} trials
 * @property {number} cells
 * @property {number} milliseconds per trial
 * @property {number[]} tenths
 * @property {number[]} cpuTenths
 * @property {number | undefined} timesFirst cost per trial by that of the first setting in the same round
 * @property {number | undefined} cpuMilliseconds
 * @property {number} readySeconds
 * @property {number | undefined} memory
 * @property {number | undefined} coordinatorHeap
 * @property {number | undefined} coordinatorMemory
 * @property {number | undefined} othersCores
 * @property {number} syncMilliseconds
 */

/**
 * @param {Setting} setting
 * @param {number} cells of the plan
 * @param {import('../race.mjs').Run<Result>} run
 * @param {number} syncMilliseconds
 * @returns {Finished}
 */
export function measurementOf(setting, cells, run, syncMilliseconds) {
  const { result, version, cpuSeconds, memory, othersCores } = run;
  const trials = result.finishedAt.length;
  return {
    setting,
    version,
    trials,
    cells: result.cells,
    isCutOff: result.cells < cells,
    seconds: result.seconds,
    readySeconds: result.readySeconds,
    milliseconds: trials === 0 ? Number.NaN : (result.seconds / trials) * 1000,
    tenths: tenthsOf(result.finishedAt),
    cpuTenths: tenthsOf(result.cpuAt),
    cpuMilliseconds: cpuSeconds === undefined || trials === 0 ? undefined : (cpuSeconds / trials) * 1000,
    memory,
    coordinatorHeap: result.coordinatorHeap,
    coordinatorMemory: result.coordinatorMemory,
    othersCores,
    syncMilliseconds,
  };
}

/**
 * Milliseconds per trial in each tenth of the trials.
 * @param {readonly number[]} times seconds at the end of each trial
 */
export function tenthsOf(times) {
  const { length } = times;
  if (length < 10) return [];
  const sorted = [...times].sort((a, b) => a - b);
  /** Trials up to the end of a tenth. @param {number} tenth */
  const upTo = (tenth) => Math.round((tenth * length) / 10);
  /** @param {number} count */
  const timeOf = (count) => (count === 0 ? 0 : /** @type {number} */ (sorted[count - 1]));
  return Array.from({ length: 10 }, (_, tenth) => {
    const [from, to] = [upTo(tenth), upTo(tenth + 1)];
    return ((timeOf(to) - timeOf(from)) / (to - from)) * 1000;
  });
}

/**
 * @param {readonly (readonly Measurement[])[]} rounds
 * @returns {Summary[]} in the order of the settings
 */
export function summarise(rounds) {
  return (rounds[0] ?? []).map(({ setting }, index) => {
    const own = rounds.flatMap((round) => round.slice(index, index + 1));
    const finished = own.filter(isFinished);
    const failure = own.find((one) => !isFinished(one));
    const ratios = rounds.flatMap((round) => {
      const [first, one] = [round[0], round[index]];
      return first && one && isFinished(first) && isFinished(one) ? [one.milliseconds / first.milliseconds] : [];
    });
    /** @param {(one: Finished) => number | undefined} of */
    const middle = (of) => optionalMedian(finished.map(of));
    /** @param {'tenths' | 'cpuTenths'} key */
    const middles = (key) =>
      Array.from({ length: finished[0]?.[key].length ?? 0 }, (_, i) => middle((one) => one[key][i]) ?? Number.NaN);
    return {
      contestant: setting.contestant,
      setting: setting.name,
      version: finished[0]?.version ?? '',
      error: failure && !isFinished(failure) ? failure.error : undefined,
      rounds: finished.length,
      isCutOff: finished.some((one) => one.isCutOff),
      trials: middle((one) => one.trials) ?? 0,
      cells: middle((one) => one.cells) ?? 0,
      milliseconds: middle((one) => one.milliseconds) ?? Number.NaN,
      tenths: middles('tenths'),
      cpuTenths: middles('cpuTenths'),
      timesFirst: ratios.length > 0 ? median(ratios) : undefined,
      cpuMilliseconds: middle((one) => one.cpuMilliseconds),
      readySeconds: middle((one) => one.readySeconds) ?? Number.NaN,
      memory: middle((one) => one.memory),
      coordinatorHeap: middle((one) => one.coordinatorHeap),
      coordinatorMemory: middle((one) => one.coordinatorMemory),
      othersCores: middle((one) => one.othersCores),
      syncMilliseconds: middle((one) => one.syncMilliseconds) ?? Number.NaN,
    };
  });
}

/**
 * @param {Measurement} measurement
 * @returns {measurement is Finished}
 */
export const isFinished = (measurement) => !('error' in measurement);

/** @param {readonly (number | undefined)[]} values */
function optionalMedian(values) {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : median(known);
}
