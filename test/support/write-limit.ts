import { execFileSync } from 'node:child_process';

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
