/**
 * From single measurements to one result per contestant.
 */
import { median, spreadOf } from './statistics.mjs';

/** @typedef {import('../race.mjs').Measurement} Measurement */
/** @typedef {import('./statistics.mjs').Spread} Spread */

/**
 * @typedef {object} SettingSummary
 * @property {string} setting
 * @property {number} imagesPerSecond median over the rounds
 * @property {number[]} rounds
 */

/**
 * @typedef {object} Summary
 * @property {string} contestant
 * @property {number} imagesPerSecond of the whole machine, median over the rounds at the fastest setting
 * @property {number} min
 * @property {number} max
 * @property {string} setting the fastest
 * @property {Spread | undefined} graphIsTimes how many times as fast the graph engine was in the same round
 * @property {number} parameters
 * @property {string} version
 * @property {number | undefined} othersCores cores that other programs kept busy, median
 * @property {SettingSummary[]} settings all, fastest first
 */

/**
 * @param {readonly (readonly Measurement[])[]} allRounds measurements of each round
 * @param {number} calm cores that others may keep busy: of a setting that was ever measured so, only those count
 * @returns {Summary[]} in the order of the contestants
 */
export function summarise(allRounds, calm) {
  const rounds = withoutDisturbed(allRounds, calm);
  const all = rounds.flat();
  const contestants = [...new Set(all.map(({ setting }) => setting.contestant))];
  const best = new Map(contestants.map((contestant) => [contestant, fastestFirst(all, contestant)]));
  const graph = best.get('graph')?.[0]?.setting;
  return contestants.map((contestant) => {
    const settings = best.get(contestant) ?? [];
    const fastest = settings[0]?.setting;
    const measurements = all.filter((measurement) => nameOf(measurement) === fastest && isOf(measurement, contestant));
    const rates = spreadOf(measurements.map(({ imagesPerSecond }) => imagesPerSecond));
    const others = measurements.flatMap(({ othersCores }) => (othersCores === undefined ? [] : [othersCores]));
    const ratios = rounds.flatMap((round) => {
      const own = round.find((measurement) => nameOf(measurement) === fastest && isOf(measurement, contestant));
      const reference = round.find((measurement) => nameOf(measurement) === graph && isOf(measurement, 'graph'));
      return own && reference ? [reference.imagesPerSecond / own.imagesPerSecond] : [];
    });
    return {
      contestant,
      imagesPerSecond: rates.median,
      min: rates.min,
      max: rates.max,
      setting: fastest ?? '',
      graphIsTimes: ratios.length > 0 ? spreadOf(ratios) : undefined,
      parameters: measurements[0]?.ready.parameters ?? Number.NaN,
      version: measurements[0]?.ready.version ?? '',
      othersCores: others.length > 0 ? median(others) : undefined,
      settings,
    };
  });
}

/**
 * @param {readonly (readonly Measurement[])[]} rounds
 * @param {number} calm
 */
function withoutDisturbed(rounds, calm) {
  /** @param {Measurement} measurement */
  const isCalm = ({ othersCores = 0 }) => othersCores <= calm;
  const calmSettings = new Set(rounds.flat().filter(isCalm).map(keyOf));
  return rounds.map((round) => round.filter((one) => isCalm(one) || !calmSettings.has(keyOf(one))));
}

/** @param {Measurement} measurement */
const keyOf = ({ setting }) => `${setting.contestant} ${setting.name}`;

/** @param {Measurement} measurement */
const nameOf = ({ setting }) => setting.name;

/**
 * @param {Measurement} measurement
 * @param {string} contestant
 */
const isOf = ({ setting }, contestant) => setting.contestant === contestant;

/**
 * @param {readonly Measurement[]} all
 * @param {string} contestant
 * @returns {SettingSummary[]}
 */
function fastestFirst(all, contestant) {
  const own = all.filter((measurement) => isOf(measurement, contestant));
  return [...new Set(own.map(nameOf))]
    .map((setting) => {
      const rounds = own.filter((measurement) => nameOf(measurement) === setting).map((one) => one.imagesPerSecond);
      return { setting, imagesPerSecond: median(rounds), rounds };
    })
    .sort((a, b) => b.imagesPerSecond - a.imagesPerSecond);
}
