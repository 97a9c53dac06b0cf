import { dirname, relative } from 'node:path';
import { type AxisValue, cellLabel, InputError, type SweepPlan } from '@l2bn/core/sweep';

/** Cells that an error names. */
const MAX_LISTED = 8;

/**
 * Whether a folder with results of `old` may go on with `next`: if every trial of which something is recorded is still wanted.
 * What is new is added to it, and what nobody has begun goes. Otherwise results would be left that no plan explains.
 *
 * @param recorded Trials that have events.
 * @throws InputError that says what has changed.
 */
export function checkGrowth(file: string, old: SweepPlan, next: SweepPlan, recorded: ReadonlySet<string>): void {
  const wanted = new Set(next.trials.map(({ id }) => id));
  const lost = old.trials.filter(({ id }) => recorded.has(id) && !wanted.has(id));
  if (lost.length === 0) return;
  const lostCells = new Set(lost.map(({ cell }) => cell));
  const cells = old.cells.filter(({ id }) => lostCells.has(id));
  const seeds = lostSeeds(lost, next);
  const changes = configChanges(old, next);
  const what = changes.length > 0 ? changes.join(', ') : (seeds ?? listed(cells.map((cell) => cellLabel(old, cell))));
  const folder = relative(process.cwd(), dirname(file)) || '.';
  throw new InputError({
    // Nothing is wrong with the ledger itself.
    file: folder,
    got: `a sweep file that no longer asks for ${lost.length} of the ${recorded.size} trials that this folder has a record of (${what})`,
    want: `${seeds === undefined ? 'the same trials, or more' : 'these seeds as well'}; l2bn run ${folder} repeats the words of the command line; --output is for another folder, --fresh to set the old results aside`,
  });
}

/** The seeds that are missing, where nothing else is: `seed 2`. */
function lostSeeds(lost: SweepPlan['trials'], next: SweepPlan): string | undefined {
  const cells = new Set(next.cells.map(({ id }) => id));
  const wanted = new Set(next.seeds);
  if (!lost.every(({ cell, seed }) => cells.has(cell) && !wanted.has(seed))) return undefined;
  const seeds = [...new Set(lost.map(({ seed }) => seed))];
  return `${seeds.length === 1 ? 'seed' : 'seeds'} ${listed(seeds.map(String))}`;
}

/** As many as can be read at a glance. */
function listed(labels: string[]): string {
  const rest = labels.length - MAX_LISTED;
  return [...labels.slice(0, MAX_LISTED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** Keys that have one value in all old cells and another one in all new cells: `epochs 12 → 10`. */
function configChanges(old: SweepPlan, next: SweepPlan): string[] {
  const [before, after] = [sharedValues(old), sharedValues(next)];
  return [...before]
    .filter(([key, value]) => after.has(key) && after.get(key) !== value)
    .map(([key, value]) => `${key} ${String(value)} → ${String(after.get(key))}`);
}

function sharedValues({ cells }: SweepPlan): Map<string, AxisValue> {
  const [first, ...rest] = cells.map(({ config }) => flat(config));
  return new Map([...(first ?? [])].filter(([key, value]) => rest.every((cell) => cell.get(key) === value)));
}

function flat(value: object, prefix = ''): Map<string, AxisValue> {
  return new Map(
    Object.entries(value).flatMap(([key, inner]): [string, AxisValue][] =>
      inner !== null && typeof inner === 'object'
        ? [...flat(inner as object, `${prefix}${key}.`)]
        : [[`${prefix}${key}`, inner as AxisValue]],
    ),
  );
}
