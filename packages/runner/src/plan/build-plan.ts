import {
  type Cell,
  describe,
  InputError,
  type PlannedTrial,
  type SweepPlan,
  TrialConfigSchema,
} from '@l2bn/core/sweep';
import * as v from 'valibot';
import { contentHash } from './canonical-json.ts';
import { checkConditions, checkExclusions, checkExtraCells, checkFactors, refuseDuplicates } from './check-factors.ts';
import { checkPruning, checkPruningEpochs } from './check-pruning.ts';
import { checkSize } from './check-size.ts';
import { type Values, withValues } from './config-values.ts';
import { parseWith } from './explain-issues.ts';
import { axesOf, combinations, completed, factorsOf } from './factors.ts';
import { formatPath } from './format-path.ts';
import { applyOverrides } from './overrides.ts';
import { type PlaceProblem, placeProblems } from './placed-problems.ts';
import { type DocumentPath, readSource, type SourceText } from './source-text.ts';
import { type SweepFile, SweepFileSchema } from './sweep-file.ts';

export interface LoadedSweep {
  /** The sweep file as the user would name it. */
  file: string;
  sweep: SweepFile;
  plan: SweepPlan;
  /** Says where a problem stands that is found later. */
  place: PlaceProblem;
}

/**
 * Reads and checks a sweep file, with `key=value` words from the command line put in (`applyOverrides`). Throws
 * `InputError` with every problem that it finds.
 */
export async function loadSweep(path: string, overrides: readonly string[] = []): Promise<LoadedSweep> {
  const source = applyOverrides(await readSource(path), overrides);
  const sweep = parseWith(SweepFileSchema, source);
  return { file: source.file, sweep, plan: buildPlan(sweep, source), place: placeProblems(source) };
}

/** Axes × seeds → cells and trials. Pure: the same file gives the same plan, ids and hash on every machine. */
export function buildPlan(sweep: SweepFile, source: SourceText): SweepPlan {
  checkSize(sweep, source);
  const varied = factorsOf(sweep);
  const { factors } = varied;
  checkFactors(factors, sweep, source);
  checkExtraCells(sweep, source);
  checkExclusions(factors, sweep, source);
  checkPruning(sweep, source);
  const seeds = typeof sweep.seeds === 'number' ? Array.from({ length: sweep.seeds }, (_, i) => i + 1) : sweep.seeds;
  refuseDuplicates(seeds, ['seeds'], source);

  const isListOfCells = sweep.axes === undefined && sweep.samples === undefined && sweep.cells.length > 0;
  const crossed = isListOfCells ? [] : combinations(varied, sweep.config);
  checkConditions(factors, crossed, source);
  const grid = crossed.filter((values) => !sweep.exclude.some((entry) => matches(values, entry)));
  const keys = [...new Set([...factors.map(({ axis }) => axis.key), ...sweep.cells.flatMap(Object.keys)])];
  const toCell = (own: Values): Cell => {
    const config = v.parse(TrialConfigSchema, withValues(sweep.config, own));
    return { id: contentHash(config).slice(0, 16), values: completed(keys, factors, own, sweep.config), config };
  };
  const crossedCells = grid.map(toCell);
  refuseEqualCells(crossedCells, () => ['axes'], source);
  const extraCells = sweep.cells.map(toCell);
  refuseEqualCells(extraCells, (index) => ['cells', index], source);
  // One that is on the grid too is the same cell, as it is once the grid has grown onto it.
  const cells = [...new Map([...crossedCells, ...extraCells].map((cell) => [cell.id, cell])).values()];
  if (cells.length === 0) {
    throw new InputError({
      file: source.locate(['exclude']),
      path: 'exclude',
      got: 'no cell left',
      want: 'at least one',
    });
  }
  checkPruningEpochs(sweep, cells, source);
  const axes = axesOf(
    keys,
    factors,
    cells.map(({ values }) => values),
  );

  const trials = cells
    .flatMap((cell) => seeds.map((seed) => ({ id: `${cell.id}-s${seed}`, cell: cell.id, seed })))
    .map((trial, index): PlannedTrial => ({ ...trial, index }));
  const hash = contentHash({ cells: cells.map((cell) => cell.config), seeds });
  return { version: 1, name: sweep.name, hash, axes, seeds, cells, trials };
}

/** Two cells of the same configuration would be one trial counted twice. */
function refuseEqualCells(cells: Cell[], pathOf: (index: number) => DocumentPath, source: SourceText): void {
  const seen = new Map<string, Cell>();
  for (const [index, cell] of cells.entries()) {
    const twin = seen.get(cell.id);
    if (twin !== undefined) {
      const path = pathOf(index);
      throw new InputError({
        file: source.locate(path),
        path: formatPath(path),
        got: `${describe(twin.values)} and ${describe(cell.values)}, which are the same configuration`,
        want: 'cells that differ',
      });
    }
    seen.set(cell.id, cell);
  }
}

const matches = (values: Values, entry: Values): boolean =>
  Object.entries(entry).every(([key, value]) => values[key] === value);
