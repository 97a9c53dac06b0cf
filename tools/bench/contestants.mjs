/**
 * Who takes part, and in which settings: a contestant's result is that of its fastest setting.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wantedCache } from '../../packages/core/setup/cache.mjs';
import { ENGINE_ENVIRONMENT } from '../../packages/runner/dist/engine/host-process.js';

/** @typedef {import('./options.mjs').Contestant} Contestant */

/**
 * @typedef {object} Setting
 * @property {Contestant} contestant
 * @property {string} name
 * @property {string} program
 * @property {string} script
 * @property {number} processes how many are started and add up
 * @property {Record<string, string>} env
 * @property {Record<string, unknown>} config what the script is told besides the task
 */

/** Variables that decide about threads or memory; only those of the setting count, not those of the shell. */
const FOREIGN = /^(TF_|OMP_|KMP_|MKL_|MALLOC_|GOMP_|KERAS_|TORCH|DNNL_|ONEDNN_|XLA_)/;

/** glibc gives blocks over the first threshold back at once and fetches them anew at the next step, page by page. */
const RAISED_MALLOC = { MALLOC_MMAP_THRESHOLD_: `${2 ** 30}`, MALLOC_TRIM_THRESHOLD_: `${2 ** 32}` };
/** Compiled code is kept for the next round; compiling takes about a minute. */
const INDUCTOR = { TORCHINDUCTOR_CACHE_DIR: join(wantedCache(), 'bench', 'inductor') };
const PYTHON = { PYTHONDONTWRITEBYTECODE: '1', ...RAISED_MALLOC };
const KERAS = { KERAS_BACKEND: 'tensorflow', TF_CPP_MIN_LOG_LEVEL: '2', ...PYTHON };

/**
 * @param {Contestant} contestant
 * @param {{ cores: number, python?: string }} machine `python` for a peer
 * @returns {Setting[]}
 */
export function settingsOf(contestant, { cores, python = 'python3' }) {
  const share = `${cores} × 1 thread`;
  /**
   * @param {string} name
   * @param {Omit<Setting, 'contestant' | 'name' | 'script' | 'program'>} rest
   * @returns {Setting}
   */
  const setting = (name, rest) => ({ contestant, name, ...scriptOf(contestant, python), ...rest });
  switch (contestant) {
    case 'graph':
      return [
        setting(`1 process, ${share}`, { processes: 1, env: { ...ENGINE_ENVIRONMENT }, config: { threads: cores } }),
      ];
    case 'layers':
      return [
        setting(`1 process, ${share}`, { processes: 1, env: { ...ENGINE_ENVIRONMENT }, config: { threads: cores } }),
        setting('1 process, all cores', { processes: 1, env: { TF_CPP_MIN_LOG_LEVEL: '2' }, config: { threads: 1 } }),
      ];
    case 'keras':
      return ['train_on_batch', 'tf.function'].flatMap((step) => [
        setting(`${cores} processes × 1 thread, ${step}`, {
          processes: cores,
          env: { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', ...KERAS },
          config: { step },
        }),
        setting(`1 process, all cores, ${step}`, { processes: 1, env: KERAS, config: { step } }),
      ]);
    case 'pytorch':
      return [true, false].flatMap((compiled) => {
        const mode = compiled ? 'torch.compile' : 'eager';
        return [
          setting(`${cores} processes × 1 thread, ${mode}`, {
            processes: cores,
            env: { OMP_NUM_THREADS: '1', ...PYTHON, ...INDUCTOR },
            config: { threads: 1, compiled },
          }),
          setting(`1 process, all cores, ${mode}`, {
            processes: 1,
            env: { OMP_NUM_THREADS: `${cores}`, ...PYTHON, ...INDUCTOR },
            config: { threads: cores, compiled },
          }),
        ];
      });
  }
}

/**
 * @param {Contestant} contestant
 * @param {string} python
 */
function scriptOf(contestant, python) {
  const isPeer = contestant === 'keras' || contestant === 'pytorch';
  const file = new URL(`contestants/${contestant}${isPeer ? '-training.py' : '.mjs'}`, import.meta.url);
  return { program: isPeer ? python : process.execPath, script: fileURLToPath(file) };
}

/** @param {Setting} setting */
export function environmentOf({ env }) {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  return { ...Object.fromEntries(own), ...env };
}
