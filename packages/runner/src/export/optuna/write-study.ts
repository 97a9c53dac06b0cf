import { existsSync, renameSync, rmSync } from 'node:fs';
import { type AxisValue, InputError, type SweepState } from '@l2bn/core/sweep';
import { Sqlite, type SqliteDatabase } from '../../ledger/sqlite.ts';
import { distributionJson, internalValue } from './distribution.ts';
import { OPTUNA_LIBRARY_VERSION, OPTUNA_MIGRATION, OPTUNA_SCHEMA_VERSION, OPTUNA_TABLES } from './storage-schema.ts';
import { type TrialRecord, trialRecord } from './trial-record.ts';

/** What the study maximizes. */
const METRIC = 'validation accuracy';
const STUDY = 1;

/**
 * Writes a sweep as an Optuna study of the sweep's name: `optuna.load_study(study_name=…, storage='sqlite:///FILE')`. Axes
 * are parameters, epochs are steps, validation accuracy is maximized.
 *
 * @throws InputError if `file` is there: it may be a storage with other studies.
 */
export function writeOptunaStudy(state: SweepState, file: string): void {
  if (existsSync(file)) {
    throw new InputError({ file, got: 'a file that is there', want: 'a new file for the Optuna storage' });
  }
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const database = new Sqlite(temporary);
    try {
      database.exec('BEGIN');
      database.exec(OPTUNA_TABLES);
      insertStudy(database, state);
      insertTrials(database, state);
      database.exec('COMMIT');
    } finally {
      database.close();
    }
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function insertStudy(database: SqliteDatabase, { plan }: SweepState): void {
  database.prepare('INSERT INTO alembic_version VALUES (?)').run(OPTUNA_MIGRATION);
  database.prepare('INSERT INTO version_info VALUES (1, ?, ?)').run(OPTUNA_SCHEMA_VERSION, OPTUNA_LIBRARY_VERSION);
  database.prepare('INSERT INTO studies VALUES (?, ?)').run(STUDY, plan.name);
  database
    .prepare('INSERT INTO study_directions (direction, study_id, objective) VALUES (?, ?, 0)')
    .run('MAXIMIZE', STUDY);
  const attribute = (kind: 'user' | 'system', key: string, value: unknown) =>
    database
      .prepare(`INSERT INTO study_${kind}_attributes (study_id, key, value_json) VALUES (?, ?, ?)`)
      .run(STUDY, key, JSON.stringify(value));
  attribute('system', 'study:metric_names', [METRIC]);
  attribute('user', 'plan', plan.hash);
}

function insertTrials(database: SqliteDatabase, state: SweepState): void {
  const { axes, cells } = state.plan;
  const distributions = axes.map((axis) => ({ axis, json: distributionJson(axis) }));
  const values = new Map(cells.map((cell) => [cell.id, cell.values]));
  const insert = {
    trial: database.prepare('INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?)'),
    param: database.prepare(
      'INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)',
    ),
    value: database.prepare(
      "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, 0, ?, 'FINITE')",
    ),
    intermediate: database.prepare(
      'INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) ' +
        'VALUES (?, ?, ?, ?)',
    ),
    user: database.prepare('INSERT INTO trial_user_attributes (trial_id, key, value_json) VALUES (?, ?, ?)'),
    system: database.prepare('INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES (?, ?, ?)'),
  };
  for (const trial of state.trials) {
    const id = trial.index + 1;
    const record: TrialRecord = trialRecord(trial, state);
    const chosen: Record<string, AxisValue> = values.get(trial.cell) ?? {};
    insert.trial.run(id, trial.index, STUDY, record.state, localTime(record.start), localTime(record.complete));
    if (record.state === 'WAITING') {
      // What Optuna itself keeps of an enqueued trial, so that a study that goes on there begins with these.
      insert.system.run(id, 'fixed_params', JSON.stringify(chosen));
    } else {
      for (const { axis, json } of distributions) {
        const value = chosen[axis.key];
        if (value !== undefined) insert.param.run(id, axis.key, internalValue(axis, value), json);
      }
    }
    if (record.value !== null) insert.value.run(id, record.value);
    for (const { step, value } of record.intermediate) {
      insert.intermediate.run(id, step, value, value === null ? 'NAN' : 'FINITE');
    }
    for (const [key, value] of Object.entries(record.userAttributes)) insert.user.run(id, key, JSON.stringify(value));
  }
}

/** `2026-01-31 14:03:09.120000`, in local time: Optuna's times know no zone. */
function localTime(at: number | null): string | null {
  if (at === null) return null;
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return `${local.toISOString().slice(0, -1).replace('T', ' ')}000`;
}
