/**
 * How busy the machine is, so that a disturbed measurement is seen as one.
 */
import { readFileSync } from 'node:fs';

/** Clock ticks per second of /proc/stat: USER_HZ, which is 100 on every architecture that Node runs on. */
const TICKS = 100;

/**
 * Begins to count; the function returned gives the average number of busy cores since then. Time that a hypervisor took
 * away counts as busy. Undefined where there is no /proc/stat.
 * @returns {() => number | undefined}
 */
export function busyCores() {
  const before = busyTicks();
  const started = performance.now();
  return () => {
    const after = busyTicks();
    if (before === undefined || after === undefined) return undefined;
    return (after - before) / TICKS / ((performance.now() - started) / 1000);
  };
}

function busyTicks() {
  try {
    const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
    // user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user.
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return user + nice + system + irq + softirq + steal;
  } catch {
    return undefined;
  }
}
