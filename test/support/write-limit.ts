import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { onTestFinished } from 'vitest';

/**
 * Makes every write of a running process to a file fail (EFBIG), as on a disk that breaks; pipes and sockets go on. It needs
 * no rights, and neither other processes nor children that it has already are touched. False where it cannot be done.
 */
export function forbidWrites(pid: number | undefined): boolean {
  try {
    execFileSync('prlimit', ['--pid', String(pid), '--fsize=0:'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes it impossible to add or remove files of a folder until the test ends, as on a disk that the system has made read-only
 * because it breaks; for root, too, on file systems that know immutable folders. False where it cannot be done.
 */
export function forbidRemovals(folder: string): boolean {
  const asRoot = process.getuid?.() === 0;
  try {
    if (asRoot) execFileSync('chattr', ['+i', folder], { stdio: 'ignore' });
    else chmodSync(folder, 0o555);
  } catch {
    return false;
  }
  onTestFinished(() => {
    if (asRoot) execFileSync('chattr', ['-i', folder]);
    else chmodSync(folder, 0o755);
  });
  return true;
}
