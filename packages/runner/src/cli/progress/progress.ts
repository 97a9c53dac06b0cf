import type { RecordedEvent, SweepState } from '@l2bn/core/sweep';

/** Shows a running sweep on a stream. */
export interface ProgressView {
  /** Events that have just become durable, with the state after them. */
  update(events: RecordedEvent[], state: SweepState): void;
  /** A line of its own, outside the progress. */
  say(line: string): void;
  /** Leaves the stream clean. */
  end(): void;
}

/** `14:03:09`, local time. */
export const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8);
