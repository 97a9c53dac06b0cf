import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { TerminalQueue } from './terminal-queue.ts';

/** More than a pipe holds. */
const LONG = Buffer.from('0123456789'.repeat(30_000));

/** A queue to a pipe that is read on demand. */
function setUp() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const path = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  // Reading and writing, so that neither open waits for the other end.
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(descriptor));
  const queue = new TerminalQueue(descriptor);
  const written: string[] = [];
  const write = (name: string, bytes: Uint8Array | string) =>
    queue.write(Buffer.from(bytes), (error) => written.push(error ? `${name}: ${error.message}` : name));
  /** What there is to read now. */
  const read = () => {
    const buffer = Buffer.alloc(2 * LONG.length);
    return buffer.subarray(0, readSync(descriptor, buffer)).toString();
  };
  return { queue, write, written, read };
}

describe('TerminalQueue', () => {
  it('writes at once where somebody reads', () => {
    const { queue, write, written, read } = setUp();
    write('a', 'first ');
    write('b', 'second');
    expect([written, queue.isEmpty, read()]).toEqual([['a', 'b'], true, 'first second']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps what nobody reads, and goes on in the middle of it when somebody does', () => {
    const { queue, write, written, read } = setUp();
    write('long', LONG);
    write('short', 'end');
    vi.advanceTimersByTime(60_000);
    expect([written, queue.isEmpty]).toEqual([[], false]);
    let text = '';
    while (!queue.isEmpty) {
      text += read();
      vi.advanceTimersByTime(50);
    }
    expect(written).toEqual(['long', 'short']);
    expect(`${text}${read()}` === `${LONG.toString()}end`).toBe(true);
  });

  it('drops what is left after the time to drain', () => {
    const { queue, write, written } = setUp();
    write('long', LONG);
    queue.drain(2_000);
    vi.advanceTimersByTime(1_999);
    expect(queue.isEmpty).toBe(false);
    vi.advanceTimersByTime(1);
    write('late', 'late');
    expect([written, queue.isEmpty]).toEqual([[], true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits no longer than there is something to drain', () => {
    const { queue, write, read } = setUp();
    write('long', LONG);
    queue.drain(2_000);
    while (!queue.isEmpty) {
      read();
      vi.advanceTimersByTime(50);
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells who wrote that it cannot be written, and goes on', () => {
    const readOnly = openSync('/dev/null', 'r');
    const queue = new TerminalQueue(readOnly);
    onTestFinished(() => closeSync(readOnly));
    const codes: unknown[] = [];
    const done = (error?: NodeJS.ErrnoException | null) => codes.push(error?.code);
    queue.write(Buffer.from('a'), done);
    queue.write(Buffer.from('b'), done);
    expect([codes, queue.isEmpty]).toEqual([['EBADF', 'EBADF'], true]);
  });
});
