import { readdir, readFile } from 'node:fs/promises';

/** What the system knows of a thread. */
export interface ThreadState {
  id: number;
  name: string;
  /** `running`, `waiting`, `stopped` …, or the letter of the system's own. */
  state: string;
  /** Function of the kernel that it waits in; null where it runs or the kernel does not tell. */
  waitsIn: string | null;
  /** Time on a core since its start. */
  cpuSeconds: number;
}

const STATES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'waiting',
  D: 'waiting for a device',
  T: 'stopped',
  t: 'stopped by a debugger',
  Z: 'ended',
};
/** Unit of the times in `/proc` on every Linux (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** The threads of a process, also of one that is stopped; null where there is no `/proc` or no such process. */
export async function threadStates(pid: number): Promise<ThreadState[] | null> {
  const folder = `/proc/${pid}/task`;
  const ids = await readdir(folder).catch(() => null);
  if (ids === null) return null;
  const threads = await Promise.all(ids.map((id) => threadState(`${folder}/${id}`, Number(id))));
  return threads.filter((thread) => thread !== undefined);
}

async function threadState(folder: string, id: number): Promise<ThreadState | undefined> {
  try {
    const [stat, waitsIn] = await Promise.all([
      readFile(`${folder}/stat`, 'utf8'),
      // Not every kernel has it, not every user may read it.
      readFile(`${folder}/wchan`, 'utf8').catch(() => ''),
    ]);
    return { id, ...parseStat(stat), waitsIn: /^0?$/.test(waitsIn) ? null : waitsIn };
  } catch {
    // It has ended in the meantime.
    return undefined;
  }
}

/** `1234 (name) S …` of proc_pid_stat(5); the name may hold parentheses. */
function parseStat(stat: string): Pick<ThreadState, 'name' | 'state' | 'cpuSeconds'> {
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  // Fields 3, 14 and 15 of the manual's count.
  const [state = '', user = 0, system = 0] = [fields[0], fields[11], fields[12]];
  return {
    name: stat.slice(stat.indexOf('(') + 1, end),
    state: STATES[state] ?? state,
    cpuSeconds: (Number(user) + Number(system)) / TICKS_PER_SECOND,
  };
}
