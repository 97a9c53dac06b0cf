/**
 * The tables that Optuna's SQLite storage reads (`optuna.storages.RDBStorage`), and the versions that make it open a file
 * without an upgrade. Unchanged from Optuna 3.2 to 5.0; tried with 5.0.0 and 4.6.0.
 */
export const OPTUNA_SCHEMA_VERSION = 12;
/** Optuna's migrations are named by the release that brought them. */
export const OPTUNA_MIGRATION = 'v3.2.0.a';
export const OPTUNA_LIBRARY_VERSION = '5.0.0';

const attributes = (owner: 'study' | 'trial', kind: 'user' | 'system'): string => {
  const table = `${owner}_${kind}_attribute`;
  const owners = owner === 'study' ? 'studies' : 'trials';
  return `
CREATE TABLE ${table}s (
  ${table}_id INTEGER NOT NULL PRIMARY KEY,
  ${owner}_id INTEGER REFERENCES ${owners} (${owner}_id),
  key VARCHAR(512),
  value_json TEXT,
  UNIQUE (${owner}_id, key)
);`;
};

export const OPTUNA_TABLES = `
CREATE TABLE alembic_version (
  version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY
);
CREATE TABLE version_info (
  version_info_id INTEGER NOT NULL PRIMARY KEY CHECK (version_info_id = 1),
  schema_version INTEGER,
  library_version VARCHAR(256)
);
CREATE TABLE studies (
  study_id INTEGER NOT NULL PRIMARY KEY,
  study_name VARCHAR(512) NOT NULL
);
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE TABLE study_directions (
  study_direction_id INTEGER NOT NULL PRIMARY KEY,
  direction VARCHAR(8) NOT NULL,
  study_id INTEGER NOT NULL REFERENCES studies (study_id),
  objective INTEGER NOT NULL,
  UNIQUE (study_id, objective)
);
CREATE TABLE trials (
  trial_id INTEGER NOT NULL PRIMARY KEY,
  number INTEGER,
  study_id INTEGER REFERENCES studies (study_id),
  state VARCHAR(8) NOT NULL,
  datetime_start DATETIME,
  datetime_complete DATETIME
);
CREATE INDEX ix_trials_study_id ON trials (study_id);
CREATE TABLE trial_params (
  param_id INTEGER NOT NULL PRIMARY KEY,
  trial_id INTEGER REFERENCES trials (trial_id),
  param_name VARCHAR(512),
  param_value FLOAT,
  distribution_json TEXT,
  UNIQUE (trial_id, param_name)
);
CREATE TABLE trial_values (
  trial_value_id INTEGER NOT NULL PRIMARY KEY,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id),
  objective INTEGER NOT NULL,
  value FLOAT,
  value_type VARCHAR(7) NOT NULL,
  UNIQUE (trial_id, objective)
);
CREATE TABLE trial_intermediate_values (
  trial_intermediate_value_id INTEGER NOT NULL PRIMARY KEY,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id),
  step INTEGER NOT NULL,
  intermediate_value FLOAT,
  intermediate_value_type VARCHAR(7) NOT NULL,
  UNIQUE (trial_id, step)
);
CREATE TABLE trial_heartbeats (
  trial_heartbeat_id INTEGER NOT NULL PRIMARY KEY,
  trial_id INTEGER NOT NULL UNIQUE REFERENCES trials (trial_id),
  heartbeat DATETIME NOT NULL
);${attributes('study', 'user')}${attributes('study', 'system')}${attributes('trial', 'user')}${attributes('trial', 'system')}
`;
