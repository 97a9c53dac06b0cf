/**
 * One run of one contestant: its process gets ready, is started, runs its plan and says what came out. It ends when its
 * stdin does; what it leaves behind is killed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { busyCores } from '../load.mjs';
import { OwnProcesses } from './own-processes.mjs';

/** Seconds that a contestant may take to get ready, and to come to an end after its time limit. */
const GRACE = 180;
/** Time that a process gets to end by itself, in ms. */
const END_MS = 20_000;

/**
 * @template {object} Result
 * @typedef {object} Run
 * @property {Result} result what the process said last
 * @property {string} version of the contestant
 * @property {number | undefined} cpuSeconds of all its processes, from the start signal to the result
 * @property {number | undefined} memory most resident bytes of all its processes together
 * @property {number | undefined} othersCores cores that other programs kept busy meanwhile; undefined where unknown
 */

/**
 * @template {object} Result
 * @param {{ label: string, program: string, args: string[], env: Record<string, string>, limit: number }} contestant
 * `limit`: seconds after which it should have come to an end
 * @returns {Promise<Run<Result>>}
 */
export async function race({ label, program, args, env, limit }) {
  const own = new OwnProcesses();
  const child = spawn(program, args, { env: { ...process.env, ...env, ...own.env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let tail = '';
  /** @param {string} text */
  const keep = (text) => {
    tail = (tail + text).slice(-3_000);
  };
  child.stderr.on('data', (text) => keep(`${text}`));
  child.stdin.on('error', () => {});
  const closed = once(child, 'close');
  // Whoever waits for a line reports the failure; this only keeps it from being an unhandled one.
  closed.catch(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** The next line of JSON; libraries print other things in between. @param {number} seconds */
  const nextLine = async (seconds) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, seconds * 1000);
    try {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) {
          const [code, signal] = await closed;
          const how = isLate ? `said nothing for ${seconds} s` : `ended with ${signal ?? `exit code ${code}`}`;
          throw new Error(`${label} ${how}:\n${tail.trim()}`);
        }
        if (value.startsWith('{')) return JSON.parse(value);
        keep(`${value}\n`);
      }
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    const { version } = await nextLine(GRACE);
    const before = own.cpuSeconds();
    const load = busyCores();
    const started = performance.now();
    child.stdin.write('go\n');
    const result = /** @type {Result} */ (await nextLine(limit + GRACE));
    const wall = (performance.now() - started) / 1000;
    const busy = load();
    const after = own.cpuSeconds();
    const cpuSeconds = before === undefined || after === undefined ? undefined : after - before;
    const known = busy !== undefined && cpuSeconds !== undefined;
    const othersCores = known ? Math.max(0, busy - cpuSeconds / wall) : undefined;
    return { result, version, cpuSeconds, memory: own.memory(), othersCores };
  } finally {
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await closed.catch(() => {});
    clearTimeout(timer);
    own.stop();
    own.kill();
  }
}
