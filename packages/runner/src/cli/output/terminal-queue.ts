import { writeSync } from 'node:fs';

/** Waits before another try, in ms: short while somebody reads, long where nobody does. */
const FIRST_RETRY_MS = 1;
const LAST_RETRY_MS = 50;

interface Part {
  bytes: Uint8Array;
  done: (error?: Error | null) => void;
}

/**
 * Writes to a descriptor opened with `O_NONBLOCK`, in order: at once what it takes, the rest when it takes more. Waiting
 * does not keep the process alive; `drain` does.
 */
export class TerminalQueue {
  private readonly descriptor: number;
  private readonly waiting: Part[] = [];
  private retryMs = FIRST_RETRY_MS;
  private retry: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private isGivenUp = false;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** `done` is called when the descriptor has taken all bytes, or with the error that it gave. */
  write(bytes: Uint8Array, done: Part['done']): void {
    if (this.isGivenUp) return;
    this.waiting.push({ bytes, done });
    // Behind others it has its turn when they are written.
    if (this.waiting.length === 1) this.flush();
  }

  /** Keeps the process alive until all is written, or for so many ms: what is left by then is dropped. */
  drain(limit: number): void {
    if (this.isEmpty || this.deadline !== undefined) return;
    this.deadline = setTimeout(() => {
      this.isGivenUp = true;
      this.waiting.length = 0;
      clearTimeout(this.retry);
    }, limit);
  }

  private flush(): void {
    for (let [part] = this.waiting; part !== undefined; [part] = this.waiting) {
      try {
        const written = writeSync(this.descriptor, part.bytes);
        this.retryMs = FIRST_RETRY_MS;
        part.bytes = part.bytes.subarray(written);
        if (part.bytes.length > 0) continue;
        this.waiting.shift();
        part.done();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
          this.retry = setTimeout(() => this.flush(), this.retryMs).unref();
          this.retryMs = Math.min(2 * this.retryMs, LAST_RETRY_MS);
          return;
        }
        this.waiting.shift();
        part.done(error as Error);
      }
    }
    clearTimeout(this.deadline);
    this.deadline = undefined;
  }
}
