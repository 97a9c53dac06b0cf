import type { Writable } from 'node:stream';
import { clock, type ProgressView } from './progress.ts';

/** One JSON object a line: the recorded events as they are; what is said beside them goes to `notes`, where one is given. */
export function jsonProgress(stream: Writable, notes?: Writable): ProgressView {
  return {
    update(events) {
      for (const event of events) stream.write(`${JSON.stringify(event)}\n`);
    },
    say(line) {
      notes?.write(`${clock(Date.now())} ${line}\n`);
    },
    end() {},
  };
}
