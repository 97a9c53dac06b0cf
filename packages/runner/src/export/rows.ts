import type { Axis, AxisValue, EpochRecord, Metrics, SweepState, TrialState } from '@l2bn/core/sweep';

/** What one row of an export is about. */
export const ROW_KINDS = ['trials', 'epochs', 'steps'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** Null where there is no value, or none that is finite. */
export type Value = string | number | boolean | null;
type Row = Value[];

/** What a column holds beside null; a `time` is written in ISO 8601. */
export type ColumnType = 'boolean' | 'integer' | 'number' | 'text' | 'time';
export interface Column {
  name: string;
  type: ColumnType;
}

export interface Rows {
  /**
   * What the values of every row are. First the trial, then one column for each axis, by its key; no other column is
   * named like a key of the configuration, so that none can stand twice.
   */
  columns: Column[];
  /** In plan order, then by epoch or step. */
  rows: Iterable<Row>;
}

/** A sweep as a flat table. */
export function rowsOf(state: SweepState, kind: RowKind): Rows {
  const weights = printedWeights(state);
  const own: Record<RowKind, { columns: Column[]; rows: (trial: TrialState) => Iterable<Row> }> = {
    trials: { columns: trialColumns(weights), rows: (trial) => [trialRow(trial, weights)] },
    epochs: { columns: epochColumns(weights), rows: (trial) => trial.epochs.map((epoch) => epochRow(epoch, weights)) },
    steps: {
      columns: [...as('integer', 'step'), ...as('number', 'crossEntropy', 'penalty', 'accuracy')],
      rows: stepRows,
    },
  };
  const { columns, rows } = own[kind];
  const keys = state.plan.axes.map(({ key }) => key);
  const cells = new Map(state.plan.cells.map((cell) => [cell.id, cell.values]));
  return {
    columns: [
      ...as('text', 'trial'),
      ...state.plan.axes.map(axisColumn),
      ...as('integer', 'seed'),
      ...as('text', 'state'),
      ...columns,
    ],
    rows: (function* () {
      for (const trial of state.trials) {
        const values: Record<string, AxisValue> = cells.get(trial.cell) ?? {};
        const head = [trial.id, ...keys.map((key) => values[key] ?? null), trial.seed, trial.status];
        for (const row of rows(trial)) yield [...head, ...row];
      }
    })(),
  };
}

const as = (type: ColumnType, ...names: string[]): Column[] => names.map((name) => ({ name, type }));

/** An axis of numbers and texts, such as 0.2 and `test`, is one of texts to what has but one type a column. */
function axisColumn({ key, values }: Axis): Column {
  const [type, ...others] = new Set(values.map((value) => typeof value));
  const plain = others.length === 0 && (type === 'number' || type === 'boolean') ? type : 'text';
  return { name: key, type: plain };
}

const METRICS = ['CrossEntropy', 'Penalty', 'Accuracy'];

const metricColumns = (): Column[] =>
  as('number', ...['train', 'validation'].flatMap((part) => METRICS.map((name) => part + name)));

const weightColumns = (weights: number): Column[] => [
  ...as('text', 'layer'),
  ...as('number', 'weightNorm', ...Array.from({ length: weights }, (_, i) => `weight${i}`)),
];

const trialColumns = (weights: number): Column[] => [
  ...as('integer', 'attempts', 'stepsDone', 'totalSteps', 'lastEpoch'),
  ...metricColumns(),
  ...as('number', 'bestValidationAccuracy'),
  ...weightColumns(weights),
  ...as('text', 'weightsHash'),
  ...as('time', 'startedAt', 'finishedAt'),
  ...as('integer', 'divergedAtStep'),
  ...as('number', 'lastFiniteCrossEntropy'),
  ...as('integer', 'prunedAfterEpoch'),
  ...as('text', 'error'),
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

const epochColumns = (weights: number): Column[] => [
  ...as('integer', 'epoch', 'stepsDone'),
  ...as('number', 'scheduledLearningRate'),
  ...metricColumns(),
  ...weightColumns(weights),
  ...as('number', 'elapsedMs'),
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
