import { spawnSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readlinkSync } from 'node:fs';
import type { WriteStream } from 'node:tty';
import { TerminalQueue } from './terminal-queue.ts';

/** Time at the end in which a terminal can still take what was written, in ms. */
const DRAIN_MS = 2_000;
const { O_WRONLY, O_NOCTTY, O_NONBLOCK } = constants;

/**
 * Lets stdout and stderr never wait for a terminal: Node writes to one with write(2) that blocks, and after Ctrl-S, or where
 * a connection stalls, the whole process would stand still with it. What the terminal does not take at once waits in the
 * streams; at the end of the process for two seconds, then it is dropped. Where a terminal cannot be opened anew (it belongs
 * to another user, after `su`), all stays as it was.
 */
export function neverWaitForTerminals(): void {
  const queues = new Map<number, TerminalQueue>();
  const streams: [number, WriteStream][] = [
    [1, process.stdout],
    [2, process.stderr],
  ];
  for (const [descriptor, stream] of streams) {
    if (!stream.isTTY) continue;
    const { rdev } = fstatSync(descriptor);
    // One queue for both streams on one terminal: nothing of the one comes in the middle of a line of the other.
    const queue = queues.get(rdev) ?? queueTo(descriptor, rdev);
    if (queue === undefined) continue;
    queues.set(rdev, queue);
    writeThrough(queue, stream);
  }
  process.on('beforeExit', () => {
    for (const queue of queues.values()) queue.drain(DRAIN_MS);
  });
}

/** The stream keeps all that it is — buffer, colours, size — but for the way its bytes take. */
function writeThrough(queue: TerminalQueue, stream: WriteStream): void {
  const write: WriteStream['_write'] = (chunk: string | Uint8Array, encoding, done) =>
    queue.write(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk, done);
  Object.assign(stream, { _write: write, _writev: undefined });
}

/**
 * An open file description of its own: `O_NONBLOCK` on the one that is there would be seen by every process on this terminal,
 * the shell too.
 */
function queueTo(descriptor: number, rdev: number): TerminalQueue | undefined {
  const path = pathOf(descriptor);
  if (path === undefined) return undefined;
  try {
    const own = openSync(path, O_WRONLY | O_NOCTTY | O_NONBLOCK);
    if (fstatSync(own).rdev === rdev) return new TerminalQueue(own);
    closeSync(own);
  } catch {
    // What is written goes the way it came.
  }
  return undefined;
}

/** A path that opens the descriptor's terminal anew. */
function pathOf(descriptor: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const link = `/proc/self/fd/${descriptor}`;
      // To open the other end of a pseudo-terminal would make a new pair.
      return readlinkSync(link).endsWith('/ptmx') ? undefined : link;
    }
    // Elsewhere /dev/fd duplicates. `tty` names the terminal that it gets as its stdin.
    const { status, stdout } = spawnSync('tty', { stdio: [descriptor, 'pipe', 'ignore'], encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}
