import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../ledger/whole-file.ts';
import type { FromHostOf } from './messages.ts';
import { type ThreadState, threadStates } from './thread-states.ts';

/** A trial that says nothing any more. */
export interface Hang {
  trial: string;
  attempt: number;
  /** How long it has said nothing. */
  seconds: number;
}

/** Content of a file in `hangs/`. */
export interface HangRecord extends Hang {
  /** ISO 8601. */
  at: string;
  /** What the worker threads with a trial run, innermost call first; no call where one waits for a promise or a timer. */
  workers: FromHostOf<'report'>['workers'] | null;
  /**
   * All threads of the host before it was asked for anything, each with the trial that it runs, if it runs one and the host has
   * said so; null where the system does not tell.
   */
  threads: (ThreadState & { trial: string | null })[] | null;
  /** Node's diagnostic report; null where the host's main thread did not answer. */
  node: FromHostOf<'report'>['node'] | null;
}

const FOLDER = 'hangs';

export interface HangFileOptions {
  hang: Hang;
  /** Folder of results. */
  folder: string;
  /** Process id of the host. */
  pid: number;
  /** Asks the host; null where it does not answer, rejects where there is nothing more to be asked. */
  ask: () => Promise<FromHostOf<'report'> | null>;
  /** Trials by the system's id of their thread; filled while the host is asked. */
  trialOf: ReadonlyMap<number, string>;
}

/**
 * Writes down what a host does on which a trial hangs.
 *
 * @returns The file, relative to the folder of results.
 * @throws Where it cannot be written or nothing is known.
 */
export async function writeHangFile({ hang, folder, pid, ask, trialOf }: HangFileOptions): Promise<string> {
  const at = new Date().toISOString();
  const threads = await threadStates(pid);
  const answer = await ask();
  if (threads === null && answer === null) throw new Error('nothing is known of the host');
  const record: HangRecord = {
    ...hang,
    at,
    workers: answer?.workers ?? null,
    threads: threads?.map((thread) => ({ ...thread, trial: trialOf.get(thread.id) ?? null })) ?? null,
    node: answer?.node ?? null,
  };
  const file = join(FOLDER, `${hang.trial}-attempt${hang.attempt}.json`);
  // Not recursive: a folder of results that is gone stays gone.
  await mkdir(join(folder, FOLDER)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await writeWhole(join(folder, file), `${JSON.stringify(record, null, 2)}\n`);
  return file;
}
