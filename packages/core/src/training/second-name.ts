import { closeSync, copyFileSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';

/** What `link` fails with on file systems that have no hard links (FAT, exFAT, SMB), or where a file can have no more. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Gives a file a second name in the same folder, in the place of what had it, so that the content stays when the first name
 * goes; a copy where there can be none. The folder is not brought to the disk for it.
 *
 * @param temporary Name in the same folder that nobody else uses.
 */
export function giveSecondName(file: string, name: string, temporary: string, link = linkSync): void {
  rmSync(temporary, { force: true });
  try {
    link(file, temporary);
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    copyWhole(file, temporary);
  }
  renameSync(temporary, name);
}

/** Copies a file to the disk, or nothing. */
function copyWhole(file: string, copy: string): void {
  try {
    copyFileSync(file, copy);
    const descriptor = openSync(copy, 'r+');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
}
