import {
  type Axis,
  type AxisValue,
  type Cell,
  formatAxisValue,
  formatDuration,
  type SweepState,
} from '@l2bn/core/sweep';
import { arrange } from '../store/arrangement.ts';
import { METRICS } from '../store/metrics.ts';
import { type SeedsSummary, summarize } from '../store/seeds-summary.ts';
import { endings, finishedCount } from './counts.ts';
import { formatCount, plural } from './format.ts';

const metric = METRICS.validationAccuracy;

/** How it ended, in plain words: what was run, what did not count, where accuracy was highest in each arm. */
export function summarySentence(state: SweepState): string {
  const { counts, trials } = state;
  const others = endings(counts);
  const head = `${formatCount(finishedCount(counts))} of ${plural(trials.length, 'trial')} finished${
    state.runTime === 0 ? '' : ` in ${formatDuration(state.runTime)}`
  }${others === '' ? '' : `, ${others}`}.`;
  return [head, ...bestSentences(state)].join(' ');
}

function bestSentences(state: SweepState): string[] {
  const { plan, trials } = state;
  const { trialsOf } = arrange(plan);
  const results = plan.cells.map((cell) => {
    const own = trialsOf(cell.id).flatMap((index) => trials[index] ?? []);
    return { cell, summary: summarize(own, metric) };
  });
  if (results.every((result) => !hasResult(result))) return [];
  const arm = plan.axes.find((axis) => axis.key === 'batchNorm') ?? plan.axes.find((axis) => axis.scale === 'boolean');
  const others = plan.axes.filter((axis) => axis !== arm);
  const parts =
    arm === undefined
      ? [bestOf(results, others)]
      : arm.values.map((value) => {
          const own = results.filter(({ cell }) => cell.values[arm.key] === value);
          return own.length === 0 ? '' : `${armName(arm, value)}: ${bestOf(own, others)}`;
        });
  return [`Highest validation accuracy ${parts.filter(Boolean).join('; ')}.`];
}

interface Result {
  cell: Cell;
  summary: SeedsSummary;
}

const hasResult = ({ summary }: Result): boolean => summary.value !== null && !summary.provisional;

/**
 * The highest value of an arm's cells and where it was reached. Equal ones are all named, for none of them is the winner, and
 * each with the seeds that it rests on; a cell whose seeds are all pruned has reached nothing.
 */
function bestOf(cells: readonly Result[], axes: readonly Axis[]): string {
  const results = cells.filter(hasResult);
  const top = results.reduce((high, { summary }) => Math.max(high, summary.value!), Number.NEGATIVE_INFINITY);
  const best = results.filter(({ summary }) => summary.value === top);
  const [first] = best;
  if (first === undefined) return 'no result';
  const texts = best.map(({ summary }) => resultText(summary));
  const alike = texts.every((text) => text === texts[0]);
  if (axes.length === 0 && best.length === 1) return texts[0]!;
  const everywhere = alike && best.length > 1 && best.length === cells.length;
  if (best.length <= 3 && !everywhere) {
    const places = best.map(({ cell }) => place(cell, axes));
    if (alike) return `${texts[0]} at ${places.join(' and ')}`;
    return best.map(({ summary }, i) => `${resultText(summary)} at ${places[i]}`).join(' and ');
  }
  const value = alike ? texts[0]! : `${metric.format(top)}${seedRange(best)}`;
  if (best.length < results.length) return `${value} in ${best.length} cells`;
  const every = `${value} at every ${axes.map(({ key }) => (key === 'l2' ? 'λ' : key)).join(' and ')}`;
  return results.length === cells.length ? every : `${every} that has a result (${results.length} of ${cells.length})`;
}

/** ` (n = 1 to 3)`: of how many seeds the values of several cells are; empty where all are of one. */
function seedRange(results: readonly Result[]): string {
  const counts = results.map(({ summary }) => summary.count);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (least < most) return ` (n = ${least} to ${most})`;
  return most === 1 ? '' : ` (n = ${most})`;
}

const place = (cell: Cell, axes: readonly Axis[]): string =>
  axes.flatMap(({ key }) => (cell.values[key] === undefined ? [] : formatAxisValue(key, cell.values[key]))).join(', ');

const armName = (arm: Axis, value: AxisValue): string =>
  arm.key === 'batchNorm' ? (value === true ? 'with BN' : 'without BN') : formatAxisValue(arm.key, value);

function resultText({ value, deviation, count, trials }: SeedsSummary): string {
  const n = count === trials.length ? `${count}` : `${count} of ${trials.length}`;
  if (deviation !== null) return `${metric.format(value)} ± ${deviation.toFixed(3)} (n = ${n})`;
  return count === trials.length ? metric.format(value) : `${metric.format(value)} (n = ${n})`;
}
