import {
  type Axis,
  type AxisValue,
  type Cell,
  cellLabel,
  formatAxisValue,
  formatDuration,
  type SweepState,
} from '@l2bn/core/sweep';
import { arrange } from './arrangement.ts';
import { type CellSummary, summarize } from './cell-summary.ts';
import { plural } from './format.ts';
import { METRICS } from './metrics.ts';

const metric = METRICS.validationAccuracy;

/** Wall clock from the first start to the last end; `null` before anything ended. */
export function sweepDuration(state: SweepState): number | null {
  const starts = state.trials.map((trial) => trial.startedAt).filter((at) => at !== null);
  const ends = state.trials.map((trial) => trial.finishedAt).filter((at) => at !== null);
  if (starts.length === 0 || ends.length === 0) return null;
  return ends.reduce((a, b) => Math.max(a, b)) - starts.reduce((a, b) => Math.min(a, b));
}

/** How it ended, in plain words: what was run, what did not count, where accuracy was highest in each arm. */
export function summarySentence(state: SweepState): string {
  const { counts, trials } = state;
  const finished = counts.done + counts.diverged + counts.failed;
  const bad = [
    counts.diverged > 0 ? `${counts.diverged} diverged` : '',
    counts.failed > 0 ? `${counts.failed} failed` : '',
  ].filter(Boolean);
  const duration = sweepDuration(state);
  const head = `${finished} of ${plural(trials.length, 'trial')} finished${
    duration === null ? '' : ` in ${formatDuration(duration)}`
  }${bad.length === 0 ? '' : `, ${bad.join(', ')}`}.`;
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
  const best = highest(results);
  if (best === null) return [];
  const arm = plan.axes.find((axis) => axis.key === 'batchNorm') ?? plan.axes.find((axis) => axis.scale === 'boolean');
  if (arm === undefined || arm.values.length < 2) {
    return [`Highest validation accuracy ${resultText(best.summary)} at ${cellLabel(plan, best.cell)}.`];
  }
  const perArm = arm.values.map((value) => ({
    value,
    best: highest(results.filter(({ cell }) => cell.values[arm.key] === value)),
  }));
  const parts = perArm.flatMap(({ value, best }) => (best === null ? [] : [armPart(plan.axes, arm, value, best)]));
  return [`Highest validation accuracy ${parts.join('; ')}.`];
}

interface Result {
  cell: Cell;
  summary: CellSummary;
}

function highest(results: readonly Result[]): Result | null {
  return results.reduce<Result | null>(
    (best, result) => (best === null || result.summary.value! > best.summary.value! ? result : best),
    null,
  );
}

function armPart(axes: readonly Axis[], arm: Axis, value: AxisValue, { cell, summary }: Result): string {
  const rest = axes.filter((axis) => axis !== arm).map((axis) => formatAxisValue(axis.key, cell.values[axis.key]!));
  const name = arm.key === 'batchNorm' ? (value === true ? 'with BN' : 'without BN') : formatAxisValue(arm.key, value);
  return `${name}: ${resultText(summary)}${rest.length === 0 ? '' : ` at ${rest.join(', ')}`}`;
}

const resultText = ({ value, deviation, count }: CellSummary): string =>
  deviation === null ? metric.format(value) : `${metric.format(value)} ± ${deviation.toFixed(3)} (n = ${count})`;
