/**
 * What the machine can do at most, to see how far a training step is from it.
 */

import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOnPath, lastLines, run } from '../../../packages/core/setup/run.mjs';
import { ENGINE_ENVIRONMENT } from '../../../packages/runner/dist/engine/host-process.js';

/** @typedef {{ oneThread: number, allCores: number }} Limit */

/**
 * @typedef {object} MachineLimits
 * @property {string} cpu
 * @property {number} cores
 * @property {Limit} arithmetic float32 multiply-adds without memory, GFLOP/s
 * @property {Limit} matrixProduct TensorFlow's MatMul of 1024×1024 float32 matrices, one per thread, GFLOP/s
 * @property {Limit} copy GB/s, what is read and what is written
 * @property {Limit} triad likewise
 */

/**
 * @param {string} folder for the compiled program
 * @param {number} cores
 * @param {(line: string) => void} say
 * @returns {Promise<MachineLimits>}
 */
export async function measureMachine(folder, cores, say) {
  say('measures what the machine can do');
  const program = await compiled(folder);
  /** @type {Omit<MachineLimits, 'cpu' | 'cores'>[]} */
  const passes = [];
  for (let pass = 0; pass < PASSES; pass++) passes.push(await measureOnce(program, cores));
  /**
   * @param {'arithmetic' | 'matrixProduct' | 'copy' | 'triad'} key
   * @returns {Limit}
   */
  const highest = (key) => ({
    oneThread: Math.max(...passes.map((pass) => pass[key].oneThread)),
    allCores: Math.max(...passes.map((pass) => pass[key].allCores)),
  });
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    arithmetic: highest('arithmetic'),
    matrixProduct: highest('matrixProduct'),
    copy: highest('copy'),
    triad: highest('triad'),
  };
}

/** Limits are what was reached at best: other programs only ever take from them. */
const PASSES = 4;

/**
 * @param {string} program
 * @param {number} cores
 */
async function measureOnce(program, cores) {
  const one = JSON.parse(await must(program, ['1']));
  const all = JSON.parse(await must(program, [`${cores}`]));
  /** @param {'arithmetic' | 'copy' | 'triad'} key */
  const limit = (key) => ({ oneThread: one[key], allCores: all[key] });
  return {
    arithmetic: limit('arithmetic'),
    matrixProduct: { oneThread: await matrixProducts(1), allCores: await matrixProducts(cores) },
    copy: limit('copy'),
    triad: limit('triad'),
  };
}

/** @param {string} folder */
async function compiled(folder) {
  const compiler = findOnPath([process.env.CXX ?? 'g++', 'g++', 'c++', 'clang++']);
  if (!compiler) throw new Error('--machine needs a C++ compiler, and none was found (g++, c++, clang++, or CXX)');
  const source = fileURLToPath(new URL('limits.cc', import.meta.url));
  const program = join(folder, 'limits');
  await must(compiler, ['-O3', '-march=native', '-ffp-contract=fast', '-std=c++17', '-pthread', source, '-o', program]);
  return program;
}

/** GFLOP/s of that many threads together, each with matrices of its own, as the trials of a sweep have.
 * @param {number} threads
 */
async function matrixProducts(threads) {
  const script = fileURLToPath(new URL('matmul.mjs', import.meta.url));
  const output = await must(process.execPath, [script, `${threads}`], { ...process.env, ...ENGINE_ENVIRONMENT });
  return Number(output.trim().split('\n').at(-1));
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function must(program, args, env = process.env) {
  const { code, stdout, stderr } = await run(program, args, { env });
  if (code !== 0) throw new Error(`${program} failed: ${lastLines(stderr || stdout)}`);
  return stdout;
}
