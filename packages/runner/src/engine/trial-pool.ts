import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { DROPPED, STOPPED, type TrialEvent } from '@l2bn/core/sweep';
import { Piscina } from 'piscina';
import type { TaskResult, TrialTask } from './worker.ts';

export type PooledTask = Omit<TrialTask, 'port' | 'recordedEpoch' | 'stopFlag' | 'thread'>;

const TRAINING_WORKER = new URL('./worker.js', import.meta.url);

/**
 * The worker threads of an engine host. Piscina's own queue stays empty: with `minThreads: 0` or abortable tasks it
 * loses or reorders what waits, so threads are fixed in number and the scheduler submits only what can start at once.
 */
export class TrialPool {
  private readonly pool: Piscina<TrialTask, TaskResult>;
  private readonly running = new Map<string, Pick<TrialTask, 'recordedEpoch' | 'stopFlag' | 'thread'>>();

  /**
   * @param onError Called when a thread fails that runs no trial: none can run then.
   * @param worker Module that runs a task. @defaultValue `worker.js`, which trains
   */
  constructor(workers: number, onError: (error: Error) => void, worker = TRAINING_WORKER) {
    this.pool = new Piscina({
      filename: worker.href,
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: 1,
    });
    // A worker that fails to load rejects the first task and hangs every later one; only this event tells.
    this.pool.on('error', onError);
  }

  /** Runs a trial; `emit` has been called with every event when the promise resolves. */
  async run(task: PooledTask, emit: (event: TrialEvent) => void): Promise<TaskResult> {
    const shared = {
      recordedEpoch: sharedIntegers([-1]),
      stopFlag: sharedIntegers([0]),
      thread: sharedIntegers([0, 0]),
    };
    const { port1, port2 } = new MessageChannel();
    const drained = forwardEvents(port1, emit);
    this.running.set(task.trial, shared);
    try {
      const result = await this.pool.run({ ...task, ...shared, port: port2 }, { transferList: [port2] });
      await drained;
      return result;
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      return { outcome: 'threw', error: message, stack: stack ?? '' };
    } finally {
      this.running.delete(task.trial);
      port1.close();
    }
  }

  /** Tells a running trial that a checkpoint of it is recorded. */
  recorded(trial: string, epoch: number): void {
    const task = this.running.get(trial);
    if (task !== undefined) Atomics.store(task.recordedEpoch, 0, epoch);
  }

  /** Asks a running trial, or every one, to stop before its next step; for good, without keeping its state. */
  stop(trial: string | null, isForGood = false): void {
    const tasks = trial === null ? [...this.running.values()] : [this.running.get(trial)];
    // One thread writes it.
    for (const task of tasks) if (task !== undefined) raise(task.stopFlag, isForGood ? DROPPED : STOPPED);
  }

  /** The running trials by the id of their worker thread. */
  threads(): Map<number, string> {
    return new Map([...this.running].map(([trial, { thread }]) => [Atomics.load(thread, 0), trial]));
  }

  /** The same by the system's id; without those of which the system does not tell. */
  systemThreads(): { trial: string; id: number }[] {
    const all = [...this.running].map(([trial, { thread }]) => ({ trial, id: Atomics.load(thread, 1) }));
    return all.filter(({ id }) => id > 0);
  }

  async close(): Promise<void> {
    this.stop(null);
    await this.pool.close();
  }
}

/** Whoever is to be dropped stays so. */
const raise = (shared: Int32Array, value: number): void =>
  void Atomics.store(shared, 0, Math.max(Atomics.load(shared, 0), value));

function sharedIntegers(values: readonly number[]): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(4 * values.length));
  shared.set(values);
  return shared;
}

/** Resolves at the `null` that ends a trial's events, or when the port closes because its worker died. */
async function forwardEvents(port: MessagePort, emit: (event: TrialEvent) => void): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    port.on('message', (event: TrialEvent | null) => (event === null ? resolve() : emit(event)));
  });
  await Promise.race([ended, once(port, 'close')]);
}
