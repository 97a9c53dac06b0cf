import type { Writable } from 'node:stream';
import { eventLines } from './event-line.ts';
import { clock, type ProgressView } from './progress.ts';

/** Plain lines with the time in front, no control codes: for pipes, CI and the log file. */
export function lineProgress(stream: Writable): ProgressView {
  const write = (at: number, line: string) => stream.write(`${clock(at)} ${line}\n`);
  return {
    update(events, state) {
      for (const event of events) for (const line of eventLines(event, state)) write(event.at, line);
    },
    say(line) {
      write(Date.now(), line);
    },
    end() {},
  };
}
