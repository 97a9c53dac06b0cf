import { relative } from 'node:path';
import type { AxisValue, SweepPlan } from '@l2bn/core/sweep';
import type { SweepSource } from '../target/sweep-source.ts';
import { quoted } from './shell-word.ts';

/** Longest part of a sweep's name that is kept, so that what is added still fits into a name. */
const KEPT_NAME = 40;
/** Digits of a cell's id that tell one trial's folder from another's. */
const SHOWN_ID = 8;

/**
 * The command that runs one trial of a sweep again, alone and into a folder of its own. It is the same trial, with the same
 * id and the same numbers: λ, seed and data are all that they depend on.
 */
export function repeatCommand(
  plan: SweepPlan,
  trial: { cell: string; seed: number },
  source: SweepSource | undefined,
): string {
  const cell = plan.cells.find(({ id }) => id === trial.cell);
  const values = cell?.values ?? {};
  const replaced = new Set([...Object.keys(values), 'name', 'seeds']);
  const kept = (source?.overrides ?? []).filter((word) => !replaced.has(word.slice(0, word.indexOf('='))));
  const words = [
    ...kept,
    ...Object.entries(values).map(([key, value]) => `${key}=${valueText(value)}`),
    `seeds=${trial.seed},`,
    `name=${plan.name.slice(0, KEPT_NAME)}-${trial.cell.slice(0, SHOWN_ID)}-s${trial.seed}`,
  ];
  const file = source === undefined ? '<sweep file>' : quoted(relative(process.cwd(), source.file) || source.file);
  return ['l2bn run', file, ...words.map(quoted)].join(' ');
}

/** A value as YAML reads it back inside a list. */
function valueText(value: AxisValue): string {
  if (typeof value !== 'string') return String(value);
  const isPlain = /^[A-Za-z./][\w./-]*$/.test(value) && !/^(true|false|null)$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}
