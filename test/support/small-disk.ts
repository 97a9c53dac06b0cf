import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { folderWith } from './folder.ts';

const BALLAST = 'ballast';
const BLOCK = Buffer.alloc(64 * 1024, 1);

/**
 * A disk of a few MB that the test can fill, empty and make read-only. It is a tmpfs in a mount namespace of its own, held by
 * a shell that ends with the test's process, so nothing is left mounted whatever happens. Root needs no more; others need
 * user namespaces.
 */
export class SmallDisk {
  /** Words to put before a command that is to see the disk; it starts in the disk's folder. */
  readonly prefix: readonly string[];
  private readonly holder: number;
  private readonly folder: string;
  private readonly enter: readonly string[];

  private constructor(holder: number, folder: string, enter: readonly string[]) {
    this.holder = holder;
    this.folder = folder;
    this.enter = enter;
    this.prefix = ['nsenter', ...enter, '--', 'sh', '-c', 'cd "$0" && exec "$@"', folder];
  }

  /** The disk, or why there can be none here. */
  static async mount(megabytes: number): Promise<SmallDisk | string> {
    const folder = folderWith();
    const asRoot = process.getuid?.() === 0;
    const script = 'mount -t tmpfs -o "size=$1" tmpfs "$0" && echo mounted && exec cat';
    const user = asRoot ? [] : ['--user', '--map-root-user'];
    const words = [...user, '--mount', '--propagation', 'private', 'sh', '-c', script, folder, `${megabytes}m`];
    const shell = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'pipe'] });
    onTestFinished(() => {
      shell.kill('SIGKILL');
    });
    let complaint = '';
    shell.stderr.on('data', (text) => {
      complaint += String(text);
    });
    shell.on('error', (error) => {
      complaint += error.message;
    });
    const mounted = once(createInterface({ input: shell.stdout }), 'line').then(() => true);
    const ended = new Promise<false>((resolve) => shell.once('close', () => resolve(false)));
    if (!(await Promise.race([mounted, ended]))) return `no disk can be mounted here: ${complaint.trim()}`;
    const asUser = asRoot ? [] : ['--user', '--preserve-credentials'];
    return new SmallDisk(shell.pid!, folder, ['--target', String(shell.pid), ...asUser, '--mount']);
  }

  /** Where a file of the disk is seen from outside; not for SQLite, which resolves the path to the one inside. */
  path(...names: string[]): string {
    return join(`/proc/${this.holder}/root`, this.folder, ...names);
  }

  /** Takes all the room that is left. */
  fill(): void {
    const file = openSync(this.path(BALLAST), 'a');
    try {
      while (true) writeSync(file, BLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Gives the room back. */
  clear(): void {
    rmSync(this.path(BALLAST));
  }

  /** Makes the disk read-only, or writable again; only while nobody has a file of it open for writing. */
  remount(mode: 'ro' | 'rw'): void {
    execFileSync('nsenter', [...this.enter, '--', 'mount', '-o', `remount,bind,${mode}`, this.folder]);
  }

  /** A copy of a folder of the disk, as it is now, outside. */
  copyOf(name: string): string {
    const copy = join(folderWith(), 'copy');
    mkdirSync(copy);
    execFileSync('cp', ['-r', `${this.path(name)}/.`, copy]);
    return copy;
  }
}
