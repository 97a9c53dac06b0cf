import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** The system's id of the thread that asks, by which `threadStates` has it; 0 where the system does not tell. */
export function systemThread(): number {
  try {
    // Read by the thread itself: of a worker, too, as what is synchronous in Node is done where it is called.
    return Number(basename(readlinkSync('/proc/thread-self')));
  } catch {
    return 0;
  }
}
