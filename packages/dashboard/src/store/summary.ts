import {
  type Axis,
  type AxisValue,
  type Cell,
  formatAxisValue,
  formatDuration,
  type SweepState,
} from '@l2bn/core/sweep';
import { arrange } from './arrangement.ts';
import { type CellSummary, summarize } from './cell-summary.ts';
import { endings, finishedCount } from './counts.ts';
import { plural } from './format.ts';
import { METRICS } from './metrics.ts';

const metric = METRICS.validationAccuracy;

/** Wall clock from the first start to the last end; `null` before anything ended. */
export function sweepDuration(state: SweepState): number | null {
  const starts = state.trials.map((trial) => trial.startedAt).filter((at) => at !== null);
  const ends = state.trials.map((trial) => trial.finishedAt).filter((at) => at !== null);
  if (starts.length === 0 || ends.length === 0) return null;
  return Math.max(0, ends.reduce((a, b) => Math.max(a, b)) - starts.reduce((a, b) => Math.min(a, b)));
}

/** How it ended, in plain words: what was run, what did not count, where accuracy was highest in each arm. */
export function summarySentence(state: SweepState): string {
  const { counts, trials } = state;
  const others = endings(counts);
  const duration = sweepDuration(state);
  const head = `${finishedCount(counts)} of ${plural(trials.length, 'trial')} finished${
    duration === null ? '' : ` in ${formatDuration(duration)}`
  }${others === '' ? '' : `, ${others}`}.`;
  return [head, ...bestSentences(state)].join(' ');
}

function bestSentences(state: SweepState): string[] {
  const { plan, trials } = state;
  const { trialsOf } = arrange(plan);
  const results = plan.cells
    .map((cell) => {
      const own = trialsOf(cell.id).flatMap((index) => trials[index] ?? []);
      return { cell, summary: summarize(own, metric) };
    })
    .filter(({ summary }) => summary.value !== null && !summary.provisional);
  const arm = plan.axes.find((axis) => axis.key === 'batchNorm') ?? plan.axes.find((axis) => axis.scale === 'boolean');
  const others = plan.axes.filter((axis) => axis !== arm);
  const parts =
    arm === undefined
      ? [bestOf(results, others)]
      : arm.values.map((value) => {
          const best = bestOf(
            results.filter(({ cell }) => cell.values[arm.key] === value),
            others,
          );
          return best === '' ? '' : `${armName(arm, value)}: ${best}`;
        });
  const said = parts.filter(Boolean);
  return said.length === 0 ? [] : [`Highest validation accuracy ${said.join('; ')}.`];
}

interface Result {
  cell: Cell;
  summary: CellSummary;
}

/** The highest value and where it was reached; equal ones are all named, for none of them is the winner. */
function bestOf(results: readonly Result[], axes: readonly Axis[]): string {
  const top = results.reduce((high, { summary }) => Math.max(high, summary.value!), Number.NEGATIVE_INFINITY);
  const best = results.filter(({ summary }) => summary.value === top);
  const [first] = best;
  if (first === undefined) return '';
  const value = resultText(first.summary);
  if (axes.length === 0) return value;
  if (best.length > 1 && best.length === results.length) {
    return `${value} at every ${axes.map(({ key }) => (key === 'l2' ? 'λ' : key)).join(' and ')}`;
  }
  if (best.length > 3) return `${value} in ${best.length} cells`;
  return `${value} at ${best.map(({ cell }) => place(cell, axes)).join(' and ')}`;
}

const place = (cell: Cell, axes: readonly Axis[]): string =>
  axes.flatMap(({ key }) => (cell.values[key] === undefined ? [] : formatAxisValue(key, cell.values[key]))).join(', ');

const armName = (arm: Axis, value: AxisValue): string =>
  arm.key === 'batchNorm' ? (value === true ? 'with BN' : 'without BN') : formatAxisValue(arm.key, value);

function resultText({ value, deviation, count, trials }: CellSummary): string {
  const n = count === trials.length ? `${count}` : `${count} of ${trials.length}`;
  if (deviation !== null) return `${metric.format(value)} ± ${deviation.toFixed(3)} (n = ${n})`;
  return count === trials.length ? metric.format(value) : `${metric.format(value)} (n = ${n})`;
}
