import type { SweepPlan } from '@l2bn/core/sweep';

const NAME_WIDTH = 12;

/** Names with one or more lines each, the lines below each other; those without a line are left out. */
export const fields = (all: readonly (readonly [name: string, lines: readonly string[]])[]): string =>
  all
    .flatMap(([name, lines]) => lines.map((line, index) => `${(index === 0 ? name : '').padEnd(NAME_WIDTH)}${line}\n`))
    .join('');

/** `10 cells × 2 seeds = 20 trials`. */
export const sizeOf = ({ cells, seeds, trials }: SweepPlan): string =>
  `${count(cells.length, 'cell')} × ${count(seeds.length, 'seed')} = ${count(trials.length, 'trial')}`;

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `0.6 GiB`, `12 MiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}
