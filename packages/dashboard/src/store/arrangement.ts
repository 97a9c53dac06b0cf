import { type Axis, type AxisValue, type Cell, formatAxisValue, type SweepPlan } from '@l2bn/core/sweep';

export interface ArrangementRow {
  /** Stable while the plan is. */
  key: string;
  label: string;
  values: Record<string, AxisValue>;
}

/** The cells of a plan laid out as a table: one axis across, the combinations of all others down. */
export interface Arrangement {
  /** The axis across; `null` when nothing is swept. */
  x: Axis | null;
  columns: readonly AxisValue[];
  rowAxes: readonly Axis[];
  rows: readonly ArrangementRow[];
  /** `undefined` where the plan leaves the combination out. */
  cellAt(row: number, column: number): Cell | undefined;
  trialsOf(cell: string): readonly number[];
}

/**
 * Chooses the axis to scale with the most values, `l2` among equals; without any, simply the longest. One that some cells
 * do not have cannot be the axis across, for they would have no column.
 */
export function chooseX({ axes: all, cells }: SweepPlan): Axis | null {
  const axes = all.filter(({ key }) => cells.every(({ values }) => values[key] !== undefined));
  return axes.reduce<Axis | null>(
    (best, axis) => (best === null || isRather(rankOf(axis), rankOf(best)) ? axis : best),
    null,
  );
}

/** What counts first for an axis across, what next, what then. */
const rankOf = (axis: Axis): number[] => [Number(isScaled(axis)), axis.values.length, Number(axis.key === 'l2')];

/** Whether the first difference between two ranks is in favour of the first. */
function isRather(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((value, i) => value !== b[i]);
  return i >= 0 && a[i]! > b[i]!;
}

const isScaled = ({ scale }: Axis): boolean => scale === 'log' || scale === 'linear';

/**
 * Whether a factor on a scale has one value for each value of `x`, as factors sampled together have: a row for each of its
 * values would hold a single cell.
 */
function isTold({ cells }: SweepPlan, axis: Axis, x: Axis | null): boolean {
  if (x === null || axis.values.length < 2 || !isScaled(axis)) return false;
  const values = new Map<AxisValue | undefined, AxisValue | undefined>();
  return cells.every((cell) => {
    const at = cell.values[x.key];
    if (!values.has(at)) values.set(at, cell.values[axis.key]);
    return values.get(at) === cell.values[axis.key];
  });
}

/** A plan never changes, and several panels ask for its table at every event. */
const arrangements = new WeakMap<SweepPlan, Arrangement>();

export function arrange(plan: SweepPlan): Arrangement {
  const known = arrangements.get(plan);
  if (known !== undefined) return known;
  const made = makeArrangement(plan);
  arrangements.set(plan, made);
  return made;
}

function makeArrangement(plan: SweepPlan): Arrangement {
  const x = chooseX(plan);
  const rowAxes = plan.axes.filter((axis) => axis !== x && !isTold(plan, axis, x));
  const columns = x?.values ?? [''];
  const order = (axis: Axis, cell: Cell) => axis.values.indexOf(cell.values[axis.key] as AxisValue);
  const sorted = [...plan.cells].sort((a, b) => {
    for (const axis of rowAxes) {
      const difference = order(axis, a) - order(axis, b);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  const rows = new Map<string, ArrangementRow>();
  const cells = new Map<string, Cell>();
  for (const cell of sorted) {
    const key = JSON.stringify(rowAxes.map((axis) => cell.values[axis.key]));
    if (!rows.has(key)) rows.set(key, { key, label: rowLabel(rowAxes, cell), values: cell.values });
    cells.set(`${key}|${x === null ? 0 : columns.indexOf(cell.values[x.key] as AxisValue)}`, cell);
  }
  const rowList = [...rows.values()];
  const trials = new Map<string, number[]>(plan.cells.map((cell) => [cell.id, []]));
  for (const trial of plan.trials) trials.get(trial.cell)?.push(trial.index);
  return {
    x,
    columns,
    rowAxes,
    rows: rowList,
    cellAt: (row, column) => cells.get(`${rowList[row]?.key}|${column}`),
    trialsOf: (cell) => trials.get(cell) ?? [],
  };
}

const rowLabel = (axes: readonly Axis[], cell: Cell): string =>
  axes
    .flatMap(({ key }) => (cell.values[key] === undefined ? [] : formatAxisValue(key, cell.values[key])))
    .join(' · ') || 'all';
