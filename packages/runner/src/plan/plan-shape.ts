import { type Axis, formatNumber, formatStrength, type SweepPlan } from '@l2bn/core/sweep';
import { type Condition, wantedValues } from './config-values.ts';
import type { PruningRule } from './pruning.ts';
import type { SweepFile } from './sweep-file.ts';

/** More values than these are shown by their ends and number. */
const SHOWN_VALUES = 6;

/**
 * What a sweep varies, a line each: the axes with their values and conditions, what is sampled together, what is left out
 * and what is added.
 */
export function planShape({ axes: planned }: SweepPlan, sweep: SweepFile): string[] {
  const { axes = {}, samples, exclude, cells, pruning } = sweep;
  const sampled = samples?.axes ?? {};
  const width = Math.max(0, ...planned.map(({ key }) => key.length));
  const lines = planned.map((axis) => {
    const { when } = { ...mappingOf(axes[axis.key] ?? sampled[axis.key]) };
    const only = axis.key in axes || axis.key in sampled ? '' : ', set by cells';
    return `${axis.key.padEnd(width)}  ${axisText(axis)}${when === undefined ? '' : `, where ${conditionText(when)}`}${only}`;
  });
  if (samples !== undefined) {
    lines.push(
      `sampled together: ${samples.count} points of ${Object.keys(sampled).join(', ')} (Sobol, seed ${samples.seed})`,
    );
  }
  if (exclude.length > 0) lines.push(`left out: ${exclude.map(conditionText).join('; ')}`);
  if (cells.length > 0) lines.push(`added: ${cells.map(conditionText).join('; ')}`);
  if (pruning !== undefined) lines.push(`pruned: ${pruningText(pruning)}`);
  return lines;
}

function pruningText(pruning: PruningRule): string {
  const { rule, metric, within } = pruning;
  const who =
    rule === 'median'
      ? `worse than the median of the finished trials (at least ${pruning.startupTrials}), from epoch ${pruning.warmupEpochs} on`
      : `not among the best 1/${pruning.reductionFactor} at epoch ${pruning.minEpochs}, ${pruning.minEpochs * pruning.reductionFactor}, …`;
  const arm = within.length === 0 ? 'all together' : `of the same ${within.join(', ')}`;
  return `${who}, by validation ${metric === 'accuracy' ? 'accuracy' : 'cross-entropy'}, ${arm}`;
}

const mappingOf = (definition: unknown): { when?: Condition } =>
  typeof definition === 'object' && !Array.isArray(definition) ? (definition as { when?: Condition }) : {};

/** `0, 1e-5 … 1e-2 (5 values, log)`. */
function axisText({ key, scale, values }: Axis): string {
  const texts = values.map((value) => valueText(key, value));
  const isScale = scale === 'log' || scale === 'linear';
  if (texts.length <= SHOWN_VALUES) return texts.join(', ');
  const head = values[0] === 0 ? texts.slice(0, 2).join(', ') : texts[0];
  return `${head} … ${texts.at(-1)} (${texts.length} values${isScale ? `, ${scale}` : ''})`;
}

const conditionText = (condition: Condition): string =>
  Object.entries(condition)
    .map(
      ([key, wanted]) =>
        `${key}=${wantedValues(wanted)
          .map((value) => valueText(key, value))
          .join('|')}`,
    )
    .join(' ');

function valueText(key: string, value: number | boolean | string): string {
  if (typeof value !== 'number') return String(value);
  return key === 'l2' ? formatStrength(value) : formatNumber(value);
}
