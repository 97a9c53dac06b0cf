/**
 * How quick the disk is, which decides what anything that is not to be lost costs.
 */
import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const SYNCS = 40;

/**
 * Milliseconds that each of some writes of 4 KiB took to be on the disk.
 * @param {string} folder
 */
export function syncTimes(folder) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'sync.probe');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4096, 1);
  try {
    return Array.from({ length: SYNCS }, () => {
      const before = performance.now();
      writeSync(file, page);
      fdatasyncSync(file);
      return performance.now() - before;
    });
  } finally {
    closeSync(file);
    rmSync(path);
  }
}
