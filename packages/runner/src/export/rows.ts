import type { AxisValue, EpochRecord, Metrics, SweepState, TrialState } from '@l2bn/core/sweep';

/** What one row of an export is about. */
export const ROW_KINDS = ['trials', 'epochs', 'steps'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** Null where there is no value, or none that is finite. */
export type Value = string | number | boolean | null;
type Row = Value[];

export interface Rows {
  /**
   * Names of the values of every row. First the trial, then one column for each axis, by its key; no other column is
   * named like a key of the configuration, so that none can stand twice.
   */
  columns: string[];
  /** In plan order, then by epoch or step. */
  rows: Iterable<Row>;
}

/** A sweep as a flat table. */
export function rowsOf(state: SweepState, kind: RowKind): Rows {
  const weights = printedWeights(state);
  const own: Record<RowKind, { columns: string[]; rows: (trial: TrialState) => Iterable<Row> }> = {
    trials: { columns: trialColumns(weights), rows: (trial) => [trialRow(trial, weights)] },
    epochs: { columns: epochColumns(weights), rows: (trial) => trial.epochs.map((epoch) => epochRow(epoch, weights)) },
    steps: { columns: ['step', 'crossEntropy', 'penalty', 'accuracy'], rows: stepRows },
  };
  const { columns, rows } = own[kind];
  const keys = state.plan.axes.map(({ key }) => key);
  const cells = new Map(state.plan.cells.map((cell) => [cell.id, cell.values]));
  return {
    columns: ['trial', ...keys, 'seed', 'state', ...columns],
    rows: (function* () {
      for (const trial of state.trials) {
        const values: Record<string, AxisValue> = cells.get(trial.cell) ?? {};
        const head = [trial.id, ...keys.map((key) => values[key] ?? null), trial.seed, trial.status];
        for (const row of rows(trial)) yield [...head, ...row];
      }
    })(),
  };
}

const METRICS = ['CrossEntropy', 'Penalty', 'Accuracy'];

const metricColumns = (): string[] => ['train', 'validation'].flatMap((part) => METRICS.map((name) => part + name));

const weightColumns = (weights: number): string[] => [
  'layer',
  'weightNorm',
  ...Array.from({ length: weights }, (_, i) => `weight${i}`),
];

const trialColumns = (weights: number): string[] => [
  'attempts',
  'stepsDone',
  'totalSteps',
  'lastEpoch',
  ...metricColumns(),
  'bestValidationAccuracy',
  ...weightColumns(weights),
  'weightsHash',
  'startedAt',
  'finishedAt',
  'divergedAtStep',
  'lastFiniteCrossEntropy',
  'prunedAfterEpoch',
  'error',
];

function trialRow(trial: TrialState, weights: number): Row {
  const last = trial.epochs.at(-1);
  return [
    trial.attempt,
    trial.step,
    trial.totalSteps,
    last?.epoch ?? null,
    ...metrics(last?.train),
    ...metrics(last?.validation),
    bestAccuracy(trial),
    ...weightValues(last, weights),
    trial.weightsHash,
    isoTime(trial.startedAt),
    isoTime(trial.finishedAt),
    trial.divergence?.step ?? null,
    trial.divergence?.lastCrossEntropy ?? null,
    trial.status === 'pruned' ? (trial.pruning?.epoch ?? null) : null,
    trial.failure?.error ?? null,
  ];
}

const epochColumns = (weights: number): string[] => [
  'epoch',
  'stepsDone',
  'scheduledLearningRate',
  ...metricColumns(),
  ...weightColumns(weights),
  'elapsedMs',
];

const epochRow = (record: EpochRecord, weights: number): Row => [
  record.epoch,
  record.step,
  record.learningRate,
  ...metrics(record.train),
  ...metrics(record.validation),
  ...weightValues(record, weights),
  record.elapsed,
];

function* stepRows({ curve }: TrialState): Generator<Row> {
  for (let step = 0; step < curve.crossEntropy.length; step++) {
    yield [step, curve.crossEntropy[step] ?? null, curve.penalty[step] ?? null, curve.accuracy[step] ?? null];
  }
}

const metrics = (of: Metrics | null | undefined): Row => [
  of?.crossEntropy ?? null,
  of?.penalty ?? null,
  of?.accuracy ?? null,
];

const weightValues = (record: EpochRecord | undefined, weights: number): Row => [
  record?.weights.layer ?? null,
  record?.weights.norm ?? null,
  ...Array.from({ length: weights }, (_, i) => record?.weights.values[i] ?? null),
];

/** Most weights that any trial printed. */
const printedWeights = ({ trials }: SweepState): number =>
  trials.reduce((most, { epochs }) => Math.max(most, epochs[0]?.weights.values.length ?? 0), 0);

/** Best validation accuracy of any epoch; null without one. */
export function bestAccuracy({ epochs }: TrialState): number | null {
  const values = epochs.flatMap(({ validation }) => validation.accuracy ?? []);
  return values.length === 0 ? null : Math.max(...values);
}

const isoTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
