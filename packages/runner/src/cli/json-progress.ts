import type { Writable } from 'node:stream';
import type { ProgressView } from './progress.ts';

/** One JSON object a line: the recorded events as they are. */
export function jsonProgress(stream: Writable): ProgressView {
  return {
    update(events) {
      for (const event of events) stream.write(`${JSON.stringify(event)}\n`);
    },
    say() {},
    end() {},
  };
}
