import { existsSync } from 'node:fs';
import { basename } from 'node:path';

/** `article.2026-11-23T17-36-37`, with `-2` and so on behind it where that was taken. */
const ASIDE = /\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-\d+)?$/;

/** Where old results go that are set aside: a name that nothing has yet, with the time of their last change. */
export function freeAsideName(folder: string, changed: Date): string {
  const name = `${folder}.${changed.toISOString().slice(0, 19).replaceAll(':', '-')}`;
  for (let number = 2, free = name; ; free = `${name}-${number++}`) if (!existsSync(free)) return free;
}

/** Whether a folder holds results that `--fresh` has set aside. Such a one is taken only where it is named. */
export const isAside = (folder: string): boolean => ASIDE.test(basename(folder));
