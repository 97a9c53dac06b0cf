import { type Cell, type SweepPlan, type TrialConfig, usesMomentum } from '@l2bn/core/sweep';
import { canonicalJson } from './canonical-json.ts';

/** A key of the configuration that some trainings do not look at, and by which other key. */
interface Idle {
  key: keyof TrialConfig;
  /** The key that decides it. */
  by: 'optimizer' | 'model' | 'batchNorm';
  /** The values of `by` with which `key` is looked at. */
  isUsed: (config: TrialConfig) => boolean;
}

const IDLE: readonly Idle[] = [
  { key: 'momentum', by: 'optimizer', isUsed: ({ optimizer }) => usesMomentum(optimizer) },
  // A model of the user's own is given the width and may do with it what it likes.
  { key: 'alpha', by: 'model', isUsed: ({ model }) => model !== 'smallConvNet' },
  { key: 'batchNormMomentum', by: 'batchNorm', isUsed: ({ batchNorm }) => batchNorm },
  { key: 'batchNormEpsilon', by: 'batchNorm', isUsed: ({ batchNorm }) => batchNorm },
];

/**
 * Keys that a plan varies where they have no effect, a line each: those cells are trained although they must come out, bit
 * for bit, as others do. No error, for a sweep may want to show just that.
 */
export function idleKeys(plan: SweepPlan): string[] {
  const twins = [...groupBy(plan.cells, ({ config }) => canonicalJson(effective(config))).values()];
  return IDLE.flatMap(({ key, by, isUsed }) => {
    const groups = twins.filter(
      ([first, ...others]) => !isUsed(first!.config) && others.some(({ config }) => config[key] !== first!.config[key]),
    );
    const extra = groups.reduce((sum, group) => sum + group.length - 1, 0);
    if (extra === 0) return [];
    const values = [...new Set(groups.map(([first]) => String(first!.config[by])))].join(', ');
    const same = extra === 1 ? '1 cell trains as another does' : `${extra} cells train as others do`;
    return [`${key} has no effect with ${by} ${values}: ${same}${hint(plan, key, by, isUsed)}`];
  });
}

/** How to do without: a condition on the other key, where that varies too. */
function hint(plan: SweepPlan, key: string, by: Idle['by'], isUsed: Idle['isUsed']): string {
  const axis = plan.axes.find((candidate) => candidate.key === key);
  if (axis === undefined) return '';
  const useful = [...new Set(plan.cells.filter(({ config }) => isUsed(config)).map(({ config }) => config[by]))];
  if (useful.length === 0) return '; leave the axis out';
  const wanted = useful.length === 1 ? String(useful[0]) : `[${useful.join(', ')}]`;
  return `; its axis can have when: { ${by}: ${wanted} }`;
}

/** What of a configuration decides how a training goes. */
function effective(config: TrialConfig): Partial<TrialConfig> {
  const unused = new Set<string>(IDLE.filter(({ isUsed }) => !isUsed(config)).map(({ key }) => key));
  return Object.fromEntries(Object.entries(config).filter(([key]) => !unused.has(key)));
}

function groupBy(cells: readonly Cell[], keyOf: (cell: Cell) => string): Map<string, Cell[]> {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return groups;
}
