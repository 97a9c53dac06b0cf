import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import * as v from 'valibot';
import { type FromHost, FromHostSchema, type ToHost } from './messages.ts';

/**
 * One TensorFlow thread per trial: a core each, numbers that do not depend on what runs beside, and more throughput than
 * sharing. `INTEROP = -1` runs a graph on the thread that asks for it; 1 would put all workers' graphs on one thread.
 */
export const ENGINE_ENVIRONMENT = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '-1',
  TF_CPP_MIN_LOG_LEVEL: '2',
  OMP_NUM_THREADS: '1',
};

const TRAINING_HOST = new URL('./host.js', import.meta.url);
/** Time a host gets to end by itself before it is killed, in ms. */
const SHUTDOWN_GRACE_MS = 10_000;
/** Time in which the rest of a dead host's output is waited for, in ms. */
const LAST_OUTPUT_MS = 1_000;
/** How much of the host's output is kept for an error message, in characters. */
const TAIL_LENGTH = 2_000;
/** How much of something that is no message is shown, in characters. */
const SHOWN_LENGTH = 200;

export interface HostExit {
  /** `signal SIGSEGV`, `exit code 1`. */
  reason: string;
  /** The end of what it printed. */
  output: string;
}

export interface HostOptions {
  /** File that takes what the host prints. */
  logFile: string;
  /** Module that the host runs. @defaultValue `host.js`, which trains */
  entry?: URL;
  onMessage: (message: FromHost) => void;
  /** Called once, when the process has ended, however it did. */
  onExit: (exit: HostExit) => void;
}

/** The coordinator's end of an engine host: a child process, so that nothing that happens in TensorFlow ends the sweep. */
export class HostProcess {
  private readonly child: ChildProcess;
  private readonly log: WriteStream;
  private readonly exited: Promise<void>;
  private tail = '';
  /** What it sent that is no message. */
  private misunderstanding: string | undefined;

  constructor({ logFile, entry = TRAINING_HOST, onMessage, onExit }: HostOptions) {
    this.log = createWriteStream(logFile, { flags: 'a' });
    // A log that cannot be written is no reason to stop training.
    this.log.on('error', () => {});
    this.child = fork(entry, {
      env: { ...process.env, ...ENGINE_ENVIRONMENT },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (text: Buffer) => this.keep(text));
    this.child.on('message', (raw) => {
      const message = this.understood(raw);
      if (message !== undefined) onMessage(message);
    });
    // Sending to a host that has just died; its exit is reported below.
    this.child.on('error', (error) => this.keep(Buffer.from(`${error.message}\n`)));
    this.exited = new Promise((resolve) => {
      this.child.once('exit', () => {
        // What a user's model has started may outlive the host and keep its output open.
        const timer = setTimeout(() => {
          this.child.stdout?.destroy();
          this.child.stderr?.destroy();
        }, LAST_OUTPUT_MS);
        this.child.once('close', () => clearTimeout(timer));
      });
      this.child.once('close', (code, signal) => {
        const reason = this.misunderstanding ?? (signal === null ? `exit code ${code}` : `signal ${signal}`);
        onExit({ reason, output: this.tail });
        // Until the log is closed, nobody can remove it for good.
        this.log.end(resolve);
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(message: ToHost): void {
    if (this.child.connected) this.child.send(message);
  }

  /** Lets the running steps end, then the process; kills it after a grace period. */
  async shutdown(): Promise<void> {
    this.send({ type: 'shutdown' });
    const timer = setTimeout(() => this.kill(), SHUTDOWN_GRACE_MS);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** The message; undefined, and the end of the host, where it is none: what else it says cannot be trusted. */
  private understood(raw: unknown): FromHost | undefined {
    if (this.misunderstanding !== undefined) return undefined;
    const { success, output, issues } = v.safeParse(FromHostSchema, raw);
    if (success) return output;
    const [{ message, path = [] }] = issues;
    const problem = [...path.map(({ key }) => String(key)), message].join(': ');
    this.misunderstanding = `it sent ${shown(JSON.stringify(raw))}, which is no message (${shown(problem)})`;
    this.keep(Buffer.from(`${this.misunderstanding}\n`));
    this.kill();
    return undefined;
  }

  private keep(text: Buffer): void {
    this.log.write(text);
    this.tail = (this.tail + text.toString()).slice(-TAIL_LENGTH);
  }
}

const shown = (text: string): string => (text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);
