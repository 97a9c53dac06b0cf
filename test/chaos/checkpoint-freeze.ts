import { existsSync, type FSWatcher, mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { freeze, send, thaw } from '../support/processes.ts';

/** A host that stands still in the middle of writing a checkpoint. */
export interface FrozenWrite {
  host: number;
  /** The half-written file: it has not taken the place of the old one, and no longer can. */
  file: string;
}

/** On a fast disk a write is over before anybody can act on having seen it. */
export const SLOW_DISK = { NODE_OPTIONS: `--import=${new URL('../support/slow-disk.mjs', import.meta.url).href}` };

const HALF_WRITTEN = /^epoch-\d+\.ckpt\.tmp$/;

/**
 * Stops an engine host in the middle of writing a checkpoint of one of these trials. A checkpoint is written in a few ms, so
 * what comes too late is let go and the next one taken; undefined when `over` comes first.
 */
export async function freezeInCheckpoint(
  host: number,
  folder: string,
  trials: readonly string[],
  over: Promise<unknown>,
): Promise<FrozenWrite | undefined> {
  const watchers: FSWatcher[] = [];
  try {
    const caught = new Promise<string>((resolve) => {
      for (const trial of trials) {
        const checkpoints = join(folder, 'checkpoints', trial);
        mkdirSync(checkpoints, { recursive: true });
        const watcher = watch(checkpoints, (_, name) => {
          if (name === null || !HALF_WRITTEN.test(name)) return;
          // At once, and asked afterwards whether it was soon enough.
          send('SIGSTOP', host);
          const file = join(checkpoints, name);
          if (existsSync(file)) resolve(file);
          else thaw(host);
        });
        watchers.push(watcher);
      }
    });
    const file = await Promise.race([caught, over.then(() => undefined)]);
    if (file === undefined || !(await freeze(host))) return undefined;
    if (existsSync(file)) return { host, file };
  } finally {
    for (const watcher of watchers) watcher.close();
  }
  // It was renamed while the process came to a stand.
  thaw(host);
  return freezeInCheckpoint(host, folder, trials, over);
}
