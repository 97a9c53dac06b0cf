import type { TrialEventOf } from './events.ts';
import { formatValues } from './format-values.ts';
import { cellOf } from './lookup.ts';
import type { AxisValue, Cell, SweepPlan } from './plan.ts';

/** How a number is written to people: `0`, `0.35`, `1e-5`, `3.2e-4`; never `0.00001`. */
export function formatNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const plain = String(Number(value.toPrecision(4)));
  if (size >= 0.01 && size < 1e5) return plain;
  return Number(value.toPrecision(4)).toExponential().replace('e+', 'e');
}

/** One axis value in words: `BN`, `no BN`, `λ=1e-3`, `alpha=0.35`. */
export function formatAxisValue(key: string, value: AxisValue): string {
  if (key === 'batchNorm') return value === true ? 'BN' : 'no BN';
  const text = typeof value === 'number' ? formatNumber(value) : String(value);
  return key === 'l2' && typeof value === 'number' ? `λ=${formatStrength(value)}` : `${key}=${text}`;
}

/** λ, always as a power of ten below 0.1, so that an axis reads 1e-3, 1e-2 and not 1e-3, 0.01. */
export const formatStrength = (l2: number): string =>
  l2 > 0 && l2 < 0.1 ? Number(l2.toPrecision(4)).toExponential() : formatNumber(l2);

/** A cell by what tells it from the others of its sweep: `BN · λ=1e-3`. */
export function cellLabel(plan: SweepPlan, cell: Cell): string {
  const parts = plan.axes.flatMap(({ key }) => {
    const value = cell.values[key];
    return value === undefined ? [] : [formatAxisValue(key, value)];
  });
  return parts.length === 0 ? plan.name : parts.join(' · ');
}

/** A trial's cell, with its seed where the sweep has several: `BN · λ=1e-3 · seed 2`. */
export function trialLabel(plan: SweepPlan, trial: { cell: string; seed: number }): string {
  const cell = cellOf(plan, trial.cell);
  const label = cell === undefined ? trial.cell : cellLabel(plan, cell);
  return plan.seeds.length > 1 ? `${label} · seed ${trial.seed}` : label;
}

/** Two numbers with as many digits as tell them apart. */
function apart(a: number, b: number): [string, string] {
  let digits = 5;
  while (digits < 17 && a.toPrecision(digits) === b.toPrecision(digits)) digits++;
  return [a.toPrecision(digits), b.toPrecision(digits)];
}

/** Why a trial was pruned: `validation cross-entropy 1.31, at most 0.42 wanted (median of 8 in its arm)`. */
export function formatPruning({
  rule,
  metric,
  value,
  threshold,
  peers,
}: Pick<TrialEventOf<'pruned'>, 'rule' | 'metric' | 'value' | 'threshold' | 'peers'>): string {
  const [name, bound] = metric === 'accuracy' ? ['accuracy', 'at least'] : ['cross-entropy', 'at most'];
  const text = (number: number | null) => (number === null ? 'nan' : formatNumber(number));
  const isNear = value !== null && threshold !== null && value !== threshold && text(value) === text(threshold);
  const [shown, limit] = isNear ? apart(value, threshold) : [text(value), text(threshold)];
  return `validation ${name} ${shown}, ${bound} ${limit} wanted (${rule} of ${peers} in its arm)`;
}

/** The article's line: layer name and kernel values as numpy prints them. */
export function formatWeights({ layer, values }: { layer: string; values: readonly (number | null)[] }): string {
  return `${layer} ${formatValues(values.map((value) => value ?? Number.NaN))}`;
}
