/**
 * Tables of a ledger. `event` is the record: rows are added and never changed. `cell` and `trial` spell the plan out so
 * that a ledger can be read with nothing but SQL; `trial_status` answers the most common question.
 */
export const LEDGER_VERSION = 3;

export const LEDGER_SCHEMA = `
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
CREATE TABLE plan_revision (
  hash TEXT NOT NULL,
  at TEXT NOT NULL,
  plan TEXT NOT NULL
) STRICT;
CREATE TABLE cell (
  id TEXT PRIMARY KEY,
  "values" TEXT NOT NULL,
  config TEXT NOT NULL
) STRICT;
CREATE TABLE trial (
  id TEXT PRIMARY KEY,
  position INTEGER NOT NULL UNIQUE,
  cell TEXT NOT NULL REFERENCES cell (id),
  seed INTEGER NOT NULL,
  UNIQUE (cell, seed)
) STRICT;
CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  trial TEXT REFERENCES trial (id),
  attempt INTEGER,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX event_of_trial ON event (trial, type, seq);
CREATE VIEW trial_status AS
  SELECT trial.position, trial.id AS trial, cell."values" AS cell, trial.seed,
    COALESCE((
      SELECT type FROM event
      WHERE event.trial = trial.id AND type NOT IN ('steps', 'epoch') ORDER BY seq DESC LIMIT 1
    ), 'planned') AS last_event,
    (SELECT MAX(attempt) FROM event WHERE event.trial = trial.id) AS attempts
  FROM trial JOIN cell ON cell.id = trial.cell ORDER BY trial.position;
`;
