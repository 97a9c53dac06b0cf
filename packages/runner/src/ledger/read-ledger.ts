import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, initialState, type RecordedEvent, type SweepPlan, SweepReducer } from '@l2bn/core/sweep';
import { Sqlite } from './sqlite.ts';

/** The state of a sweep as its ledger tells it; reads beside a running writer. Throws `InputError` if there is none. */
export function readLedger(folder: string): SweepReducer {
  const file = join(folder, 'ledger.db');
  if (!existsSync(file)) throw new InputError({ file, got: 'no such file', want: 'the ledger of a sweep' });
  const database = new Sqlite(file, { readOnly: true });
  try {
    const row = database.prepare("SELECT value FROM meta WHERE key = 'plan'").get() as { value: string } | undefined;
    if (row === undefined) throw new InputError({ file, got: 'no plan', want: 'the ledger of a sweep' });
    const reducer = new SweepReducer(initialState(JSON.parse(row.value) as SweepPlan));
    for (const event of database.prepare('SELECT seq, at, body FROM event ORDER BY seq').iterate()) {
      const { seq, at, body } = event as unknown as { seq: number; at: number; body: string };
      reducer.apply({ seq, at, event: JSON.parse(body) as RecordedEvent['event'] });
    }
    return reducer;
  } finally {
    database.close();
  }
}
