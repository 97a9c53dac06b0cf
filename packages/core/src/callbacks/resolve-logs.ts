import type { Tfjs } from '../tensorflow.ts';

/** What tfjs hands to a callback: numbers, or scalars that are still to be read and are not the callback's to dispose. */
export type Logs = Record<string, number | Tfjs.Scalar>;

/** One of the logs as a number; undefined if it is not among them. */
export async function readLog(logs: Logs | undefined, name: string): Promise<number | undefined> {
  const value = logs?.[name];
  return value === undefined || typeof value === 'number' ? value : (await value.data())[0];
}

export async function readLogs(logs: Logs | undefined): Promise<Record<string, number>> {
  const entries = Object.keys(logs ?? {}).map(async (name) => [name, await readLog(logs, name)] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, number>;
}
