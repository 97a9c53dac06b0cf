import { type AxisValue, formatNumber, formatStrength } from '@l2bn/core/sweep';

/** A number with `digits` significant digits, in powers of ten outside 1e-3 … 1e5. */
export function formatValue(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e5) return shortExponent(value.toExponential(digits - 1));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return minus(value.toFixed(Math.min(decimals, 8)));
}

/** 0…1 as `0.913`. */
export const formatShare = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(3);

/** With eight decimals, as NumPy prints single precision: the digits that tell one decay factor from another. */
export const formatWeight = (value: number | null | undefined): string =>
  value === null || value === undefined ? 'not finite' : minus(value.toFixed(8));

/** A decay factor 1 − 2ηc with as many nines as it needs to differ from 1. */
export function formatFactor(factor: number): string {
  if (factor === 1) return '1';
  const distance = Math.abs(1 - factor);
  const decimals = distance === 0 ? 1 : Math.ceil(-Math.log10(distance)) + 1;
  return minus(String(Number(factor.toFixed(Math.min(Math.max(decimals, 2), 12)))));
}

/** Whole numbers in groups of three. */
export const formatCount = (value: number): string => value.toLocaleString('en-US').replaceAll(',', '\u202f');

/** `1 trial`, `3 trials`. */
export const plural = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

const AXIS_NAMES: Record<string, string> = { l2: 'λ (l2)', batchNorm: 'BN', learningRate: 'η (learningRate)' };

/** How an axis is called where a symbol is wanted. */
export const axisName = (key: string): string => AXIS_NAMES[key] ?? key;

/** A value standing alone under its axis: `1e-4`, `BN`, `no BN`, `on`. */
export function axisValue(key: string, value: AxisValue | undefined): string {
  if (value === undefined) return '–';
  if (key === 'batchNorm') return value === true ? 'BN' : 'no BN';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'number') return value;
  return key === 'l2' ? formatStrength(value) : formatNumber(value);
}

/** `1e+21` → `1e21`, `1.00e-5` → `1.00e-5`, with a true minus sign in front. */
const shortExponent = (text: string): string => minus(text.replace('e+', 'e'));
const minus = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : text);
