/**
 * The processes of one contestant, however deep they were started: known by a variable in their environment, which every
 * descendant inherits and which outlives a parent's death. Knows none where there is no /proc.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second of /proc/<pid>/stat: USER_HZ, which is 100 on every architecture that Node runs on. */
const TICKS = 100;
const PAGE = 4096;
/** Time between two looks, in ms. What a process uses between the last look and its end is not counted. */
const LOOK_MS = 250;
const NAME = 'L2BN_BENCH_RUN';

export class OwnProcesses {
  constructor() {
    this.mark = `${NAME}=${randomBytes(8).toString('hex')}`;
    /** CPU ticks of each process when it was last seen. @type {Map<string, number>} */
    this.ticks = new Map();
    /** Processes of others. @type {Set<string>} */
    this.foreign = new Set();
    this.peakMemory = 0;
    this.isKnown = existsProc();
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  /** The variable that marks them. @returns {Record<string, string>} */
  get env() {
    return Object.fromEntries([/** @type {[string, string]} */ (this.mark.split('='))]);
  }

  /** Seconds of processor time of all of them until now; undefined where it cannot be known. */
  cpuSeconds() {
    if (!this.isKnown) return undefined;
    this.look();
    return [...this.ticks.values()].reduce((total, ticks) => total + ticks, 0) / TICKS;
  }

  /** Most resident memory of all of them together, in bytes; pages that they share count several times. */
  memory() {
    return this.isKnown ? this.peakMemory : undefined;
  }

  stop() {
    clearInterval(this.timer);
  }

  /** Kills those that are left. */
  kill() {
    if (!this.isKnown) return;
    for (const pid of pids()) {
      if (!this.isOwn(pid)) continue;
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has just ended.
      }
    }
  }

  look() {
    if (!this.isKnown) return;
    const all = pids();
    const alive = new Set(all);
    for (const pid of this.foreign) if (!alive.has(pid)) this.foreign.delete(pid);
    let memory = 0;
    for (const pid of all) {
      if (this.foreign.has(pid)) continue;
      if (!this.ticks.has(pid) && !this.isOwn(pid)) {
        this.foreign.add(pid);
        continue;
      }
      const usage = usageOf(pid);
      if (usage === undefined) continue;
      this.ticks.set(pid, usage.ticks);
      memory += usage.memory;
    }
    this.peakMemory = Math.max(this.peakMemory, memory);
  }

  /** @param {string} pid */
  isOwn(pid) {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(this.mark);
    } catch {
      return false;
    }
  }
}

const existsProc = () => pids().length > 0;

function pids() {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** @param {string} pid */
function usageOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program stands in parentheses and may hold anything; utime and stime are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const resident = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1];
    return { ticks: Number(fields[11]) + Number(fields[12]), memory: Number(resident) * PAGE };
  } catch {
    return undefined;
  }
}
