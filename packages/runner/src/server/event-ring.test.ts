import type { RecordedEvent } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { EventRing, type Frame, frameOfEvents } from './event-ring.ts';

const event = (seq: number, detail = ''): RecordedEvent => ({
  seq,
  at: 0,
  event: { type: 'phase', phase: 'running', detail },
});
const sizeOf = (recorded: RecordedEvent) => Buffer.byteLength(JSON.stringify(recorded));
const eventsIn = (frame: Frame | null | 'too old') =>
  (JSON.parse((frame as Frame).data.toString()) as { t: string; events: RecordedEvent[] }).events;

function ringOf({ after = 0, count = 0, maxBytes = 1e6, frameBytes = 1e6 }): EventRing {
  const ring = new EventRing(after, maxBytes, frameBytes);
  for (let i = 1; i <= count; i++) ring.push(event(after + i));
  return ring;
}

describe('EventRing', () => {
  it('gives a batch message of the events after a seq', () => {
    const frame = ringOf({ after: 10, count: 5 }).since(12) as Frame;
    expect(JSON.parse(frame.data.toString())).toEqual({ t: 'batch', events: [event(13), event(14), event(15)] });
    expect(frame).toMatchObject({ first: 13, last: 15 });
  });

  it('gives nothing to who has everything, and to who claims more', () => {
    const ring = ringOf({ after: 10, count: 5 });
    expect(ring.since(15)).toBeNull();
    expect(ring.since(99)).toBeNull();
    expect(ringOf({ after: 10 }).since(10)).toBeNull();
  });

  it('says too old for what came before it', () => {
    expect(ringOf({ after: 10, count: 5 }).since(9)).toBe('too old');
    expect(ringOf({ after: 10 }).since(9)).toBe('too old');
  });

  it('stops where it is told to', () => {
    const ring = ringOf({ count: 9 });
    expect(eventsIn(ring.since(2, 5)).map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(ring.since(5, 5)).toBeNull();
  });

  it('cuts frames at the bound, and passes all events through them once', () => {
    const frameBytes = 4 * sizeOf(event(10));
    const ring = ringOf({ count: 99, frameBytes });
    const seen: number[] = [];
    for (let frame = ring.since(0); frame !== null; frame = ring.since(seen.at(-1)!)) {
      expect((frame as Frame).data.length).toBeLessThanOrEqual(frameBytes);
      expect((frame as Frame).first).toBe((seen.at(-1) ?? 0) + 1);
      seen.push(...eventsIn(frame).map(({ seq }) => seq));
      expect((frame as Frame).last).toBe(seen.at(-1));
    }
    expect(seen).toEqual(Array.from({ length: 99 }, (_, i) => i + 1));
  });

  it('sends an event above the bound alone', () => {
    const ring = ringOf({ count: 1, frameBytes: 300 });
    ring.push(event(2, 'ü'.repeat(1000)));
    ring.push(event(3));
    expect(eventsIn(ring.since(0))).toHaveLength(1);
    expect(eventsIn(ring.since(1))).toEqual([event(2, 'ü'.repeat(1000))]);
    expect(eventsIn(ring.since(2))).toEqual([event(3)]);
  });

  it('keeps as many of the newest events as the byte bound allows', () => {
    const size = sizeOf(event(5000));
    const ring = ringOf({ after: 4000, count: 5000, maxBytes: 100 * size + size / 2 });
    expect(ring.last).toBe(9000);
    expect(ring.first).toBe(8901);
    expect(ring.since(8899)).toBe('too old');
    expect(eventsIn(ring.since(8900)).map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => 8901 + i));
  });

  it('keeps the newest event whatever its size', () => {
    const ring = ringOf({ count: 3, maxBytes: 500 });
    ring.push(event(4, 'x'.repeat(1000)));
    expect(ring.first).toBe(4);
    expect(eventsIn(ring.since(3))).toHaveLength(1);
  });

  it('counts bytes, not characters', () => {
    const wide = event(1, '界'.repeat(100));
    expect(new EventRing(0, 1e6, 1e6).push(wide)).toBe(sizeOf(wide));
  });

  it('never joins events over a gap', () => {
    const ring = ringOf({ count: 5 });
    ring.push(event(8));
    expect(ring.since(5)).toBe('too old');
    expect(ring.since(3)).toBe('too old');
    expect(eventsIn(ring.since(7))).toEqual([event(8)]);
  });

  it('ignores an event that it has', () => {
    const ring = ringOf({ count: 5 });
    expect(ring.push(event(5, 'again'))).toBe(0);
    expect(eventsIn(ring.since(4))).toEqual([event(5)]);
  });
});

describe('frameOfEvents', () => {
  it('takes what fits, and at least one event', () => {
    const events = [event(7, 'x'.repeat(500)), event(8), event(9)];
    expect(eventsIn(frameOfEvents(events, 1e6))).toEqual(events);
    expect(frameOfEvents(events, 1e6)).toMatchObject({ first: 7, last: 9 });
    expect(frameOfEvents(events, 100)).toMatchObject({ first: 7, last: 7 });
    expect(frameOfEvents(events, 680)).toMatchObject({ first: 7, last: 8 });
  });
});
