import type { RecordedEvent, SweepEvent } from '@l2bn/core/sweep';
import type { Command } from './command.ts';

/**
 * Events that `l2bn run --json` has printed: what it acknowledged, for an event is printed once it is on the disk. A last
 * line that a kill has cut off was not said.
 */
export const printedEvents = ({ stdout }: Command): RecordedEvent[] => parseLines(stdout, 0).events;

/** Calls `take` with every event that `l2bn run --json` prints from now on. */
export function onPrinted(run: Command, take: (recorded: RecordedEvent) => void): void {
  let position = run.stdout.lastIndexOf('\n') + 1;
  run.child.stdout.on('data', () => {
    const { events, end } = parseLines(run.stdout, position);
    position = end;
    for (const recorded of events) take(recorded);
  });
}

/** Resolves with the first event printed from now on that passes; rejects when the command ends without one. */
export function printed(
  run: Command,
  passes: (event: SweepEvent, recorded: RecordedEvent) => boolean,
): Promise<RecordedEvent> {
  return new Promise((resolve, reject) => {
    onPrinted(run, (recorded) => {
      if (passes(recorded.event, recorded)) resolve(recorded);
    });
    run.ended.then((code) => reject(new Error(`ended with ${code} before the event:\n${run.stderr}`)));
  });
}

/** The whole lines of a text from a position on, and where they end. */
function parseLines(text: string, from: number): { events: RecordedEvent[]; end: number } {
  const end = text.lastIndexOf('\n') + 1;
  const lines = text.slice(from, Math.max(from, end)).split('\n');
  return { events: lines.filter(Boolean).map((line) => JSON.parse(line) as RecordedEvent), end: Math.max(from, end) };
}
