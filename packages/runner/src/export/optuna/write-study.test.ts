import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { planOf } from '../../fixtures/plans.ts';
import { Sqlite } from '../../ledger/sqlite.ts';
import { mixedSweep, START } from '../fixtures/mixed-sweep.ts';
import { distributionJson } from './distribution.ts';
import { writeOptunaStudy } from './write-study.ts';

function written(): string {
  const file = join(temporaryFolder(), 'study.db');
  writeOptunaStudy(mixedSweep(), file);
  return file;
}

function query(file: string, sql: string): unknown[] {
  const database = new Sqlite(file, { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => Object.values(row as object));
  } finally {
    database.close();
  }
}

describe('writeOptunaStudy', () => {
  it('writes the versions of a storage that needs no upgrade, and one study that maximizes', () => {
    const file = written();
    expect(query(file, 'SELECT version_num FROM alembic_version')).toEqual([['v3.2.0.a']]);
    expect(query(file, 'SELECT schema_version FROM version_info')).toEqual([[12]]);
    expect(query(file, 'SELECT study_name, direction, objective FROM studies JOIN study_directions')).toEqual([
      ['mixed', 'MAXIMIZE', 0],
    ]);
  });

  it('writes every trial in its state, with value and times only where Optuna has them', () => {
    const rows = query(
      written(),
      `SELECT number, state, value, datetime_start IS NOT NULL, datetime_complete IS NOT NULL
       FROM trials LEFT JOIN trial_values USING (trial_id) ORDER BY number`,
    );
    expect(rows).toEqual([
      [0, 'COMPLETE', 0.5, 1, 1],
      [1, 'FAIL', null, 1, 1],
      [2, 'FAIL', null, 1, 1],
      [3, 'RUNNING', null, 1, 0],
      [4, 'WAITING', null, 1, 0],
      [5, 'WAITING', null, 0, 0],
    ]);
  });

  it('writes choices by their index and numbers as they are', () => {
    const rows = query(
      written(),
      'SELECT number, param_name, param_value FROM trials JOIN trial_params USING (trial_id) ORDER BY number, param_id',
    );
    expect(rows).toEqual([
      [0, 'optimizer', 0],
      [0, 'l2', 0],
      [1, 'optimizer', 0],
      [1, 'l2', 1e-4],
      [2, 'optimizer', 0],
      [2, 'l2', 1e-2],
      [3, 'optimizer', 1],
      [3, 'l2', 0],
    ]);
  });

  it('refuses a file that is there, and leaves nothing beside it', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'study.db');
    writeFileSync(file, 'mine');
    expect(() => writeOptunaStudy(mixedSweep(), file)).toThrow('got a file that is there');
    expect(readdirSync(folder)).toEqual(['study.db']);
  });
});

describe('distributionJson', () => {
  it.each([
    [{ l2: [0, 1e-3] }, 'FloatDistribution', { step: null, low: 0, high: 1e-3, log: false }],
    [{ l2: [1e-4, 1e-2] }, 'FloatDistribution', { step: null, low: 1e-4, high: 1e-2, log: true }],
    [{ batchSize: [32, 64] }, 'FloatDistribution', { step: null, low: 32, high: 64, log: false }],
    [{ batchNorm: [true, false] }, 'CategoricalDistribution', { choices: [true, false] }],
    [{ optimizer: ['sgd', 'adam'] }, 'CategoricalDistribution', { choices: ['sgd', 'adam'] }],
  ])('says %j as %s', (axes, name, attributes) => {
    const [axis] = planOf({ name: 'x', axes }).axes;
    expect(JSON.parse(distributionJson(axis!))).toEqual({ name, attributes });
  });
});

/** `L2BN_PYTHON` names a Python that has Optuna. */
const PYTHON = process.env.L2BN_PYTHON ?? 'python3';
const hasOptuna = spawnSync(PYTHON, ['-c', 'import optuna']).status === 0;

const READ = `
import json, sys, optuna
study = optuna.load_study(study_name='mixed', storage='sqlite:///' + sys.argv[1])
trials = [
    [t.number, t.state.name, t.value, t.params, {str(k): repr(v) for k, v in t.intermediate_values.items()}, t.user_attrs]
    for t in study.trials
]
best = [study.direction.name, study.best_trial.number, study.best_params]
again = study.ask()
asked = [again.number, again.suggest_float('l2', 0, 1e-2), again.suggest_categorical('optimizer', ['sgd', 'adam'])]
print(json.dumps({'trials': trials, 'best': best, 'asked': asked, 'start': study.trials[0].datetime_start.timestamp()}))
`;

describe.skipIf(!hasOptuna)(`Optuna itself (skipped where ${PYTHON} has no optuna; L2BN_PYTHON names one)`, () => {
  it('opens the study without an upgrade, knows the best trial and goes on with those that wait', () => {
    const output = execFileSync(PYTHON, ['-W', 'ignore', '-c', READ, written()], { encoding: 'utf8', stdio: 'pipe' });
    const { trials, best, asked, start } = JSON.parse(output) as Record<string, unknown[]>;
    expect(best).toEqual(['MAXIMIZE', 0, { optimizer: 'sgd', l2: 0 }]);
    expect(trials![0]).toEqual([
      0,
      'COMPLETE',
      0.5,
      { optimizer: 'sgd', l2: 0 },
      { 0: '0.1', 1: '0.75', 2: '0.5' },
      expect.objectContaining({ state: 'done', seed: 1, best_validation_accuracy: 0.75 }),
    ]);
    expect(trials![1]).toEqual([
      1,
      'FAIL',
      null,
      { optimizer: 'sgd', l2: 1e-4 },
      { 0: '0.1', 1: 'nan' },
      expect.objectContaining({ diverged: true, diverged_at_step: 1, last_finite_cross_entropy: 2.5 }),
    ]);
    expect((trials as unknown[][]).map(([, state]) => state)).toEqual([
      'COMPLETE',
      'FAIL',
      'FAIL',
      'RUNNING',
      'WAITING',
      'WAITING',
    ]);
    expect(asked).toEqual([4, 1e-4, 'adam']);
    expect(Number(start) * 1000).toBeGreaterThan(START);
  });
});
