import type { SweepPlan, SweepState, TrialState } from '@l2bn/core/sweep';
import { type BrokenAxis, brokenAxis } from '../charts/broken-axis.ts';
import { type ValueScale, valueScale } from '../charts/value-scale.ts';
import { type Arrangement, arrange } from './arrangement.ts';
import { type Contrast, pairedContrast } from './contrast.ts';
import { lastValue, type Metric } from './metrics.ts';
import { type SeedsSummary, summarize } from './seeds-summary.ts';

/** Bars of more seeds in a cell, or of more trials on the map, would be too small to be told apart. */
const MOST_SEEDS = 12;
const MOST_TRIALS = 2_000;

/** What the map shows of one metric. */
export interface MapModel {
  plan: SweepPlan;
  metric: Metric;
  layout: Arrangement;
  /** The layout's axis across, where it has a scale. */
  axis: BrokenAxis | null;
  /** By row and column; `null` where the plan leaves the combination out. */
  summaries: readonly (readonly (SeedsSummary | null)[])[];
  /** All that are there. */
  shown: readonly SeedsSummary[];
  /** Whether cells have a bar for each seed. The colours span what each came to, so that its bar has one, too. */
  hasBars: boolean;
  scale: ValueScale;
  /** The best value of the finished cells; `null` for a metric that has no good direction, and before two are finished. */
  best: number | null;
  /** BN against no BN by column, where that is the only factor beside the axis across; `null` elsewhere. */
  contrasts: readonly Contrast[] | null;
}

export function mapModel(state: SweepState, metric: Metric, layout: Arrangement = arrange(state.plan)): MapModel {
  const { plan } = state;
  const summaries = layout.rows.map((_, row) =>
    layout.columns.map((_, column) => {
      const trials = trialsAt(state, layout, row, column);
      return trials.length === 0 ? null : summarize(trials, metric);
    }),
  );
  const shown = summaries.flat().flatMap((summary) => summary ?? []);
  const { length: seeds } = plan.seeds;
  const hasBars = seeds > 1 && seeds <= MOST_SEEDS && plan.trials.length <= MOST_TRIALS;
  const values = shown.flatMap(({ value, trials }) => [value, ...(hasBars ? doneValues(trials, metric) : [])]);
  return {
    plan,
    metric,
    layout,
    axis: brokenAxis(layout.x),
    summaries,
    shown,
    hasBars,
    scale: valueScale(values, metric),
    best: bestValue(shown, metric),
    contrasts: contrastsOf(state, metric, layout),
  };
}

/** The trials of a place in the map; none where the plan leaves it out. */
export function trialsAt({ trials }: SweepState, layout: Arrangement, row: number, column: number): TrialState[] {
  const cell = layout.cellAt(row, column);
  return cell === undefined ? [] : layout.trialsOf(cell.id).flatMap((index) => trials[index] ?? []);
}

/** Makes a model when the sweep or the metric has changed, not for every move of the pointer over the map. */
export class MapModels {
  private state: SweepState | null = null;
  private seq = -1;
  private model: MapModel | null = null;

  /** The one that was made last. */
  get latest(): MapModel | null {
    return this.model;
  }

  of(state: SweepState, metric: Metric): MapModel {
    const { model } = this;
    if (model !== null && this.state === state && this.seq === state.seq && model.metric === metric) return model;
    const made = mapModel(state, metric, model?.plan === state.plan ? model.layout : undefined);
    this.state = state;
    this.seq = state.seq;
    this.model = made;
    return made;
  }
}

const doneValues = (trials: readonly TrialState[], metric: Metric): (number | null)[] =>
  trials.filter(({ status }) => status === 'done').map((trial) => lastValue(trial, metric));

function bestValue(summaries: readonly SeedsSummary[], metric: Metric): number | null {
  if (metric.better === null) return null;
  const values = summaries.flatMap(({ provisional, value }) => (provisional || value === null ? [] : [value]));
  if (values.length < 2) return null;
  return values.reduce((best, value) => (metric.better === 'higher' ? Math.max : Math.min)(best, value));
}

function contrastsOf(state: SweepState, metric: Metric, layout: Arrangement): Contrast[] | null {
  const { rowAxes, rows, columns } = layout;
  if (rowAxes.length !== 1 || rowAxes[0]?.key !== 'batchNorm' || rows.length !== 2) return null;
  const on = rows.findIndex(({ values }) => values.batchNorm === true);
  const of = (row: number, column: number) => trialsAt(state, layout, row, column);
  return columns.map((_, column) => pairedContrast(of(on, column), of(1 - on, column), metric));
}
