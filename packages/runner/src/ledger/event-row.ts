import type { RecordedEvent, SweepEvent } from '@l2bn/core/sweep';
import { parseStored } from './ledger-error.ts';

/** A row of the table `event`, as far as it is read again. */
export interface EventRow {
  seq: number;
  at: number;
  body: string;
}

/** Throws `InputError` for a body that is torn. */
export const toEvent = (file: string, { seq, at, body }: EventRow): RecordedEvent => ({
  seq,
  at,
  event: parseStored<SweepEvent>(file, `event ${seq}`, body),
});
