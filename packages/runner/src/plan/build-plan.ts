import {
  type Axis,
  type AxisValue,
  type Cell,
  describe,
  InputError,
  type PlannedTrial,
  type SweepPlan,
  TrialConfigSchema,
} from '@l2bn/core/sweep';
import * as v from 'valibot';
import { resolveAxis } from './axis-values.ts';
import { contentHash } from './canonical-json.ts';
import { explain, formatPath, parseWith } from './explain-issues.ts';
import { suggestKey } from './known-keys.ts';
import { applyOverrides } from './overrides.ts';
import { readSource, type SourceText } from './source-text.ts';
import { type SweepFile, SweepFileSchema } from './sweep-file.ts';

/** Most combinations of all axes and seeds, exclusions included. */
const MAX_TRIALS = 100_000;

export interface LoadedSweep {
  /** The sweep file as the user would name it. */
  file: string;
  sweep: SweepFile;
  plan: SweepPlan;
}

/**
 * Reads and checks a sweep file, with `key=value` words from the command line put in (`applyOverrides`). Throws
 * `InputError` with every problem that it finds.
 */
export async function loadSweep(path: string, overrides: readonly string[] = []): Promise<LoadedSweep> {
  const source = applyOverrides(await readSource(path), overrides);
  const sweep = parseWith(SweepFileSchema, source);
  return { file: source.file, sweep, plan: buildPlan(sweep, source) };
}

/** Axes × seeds → cells and trials. Pure: the same file gives the same plan, ids and hash on every machine. */
export function buildPlan(sweep: SweepFile, source: SourceText): SweepPlan {
  checkSize(sweep, source);
  const axes = Object.entries(sweep.axes).map(([key, definition]) => resolveAxis(key, definition));
  checkAxes(axes, sweep, source);
  checkExclusions(axes, sweep, source);
  const seeds = typeof sweep.seeds === 'number' ? Array.from({ length: sweep.seeds }, (_, i) => i + 1) : sweep.seeds;
  refuseDuplicates(seeds, ['seeds'], source);

  const cells = combinations(axes)
    .filter((values) => !sweep.exclude.some((entry) => matches(values, entry)))
    .map((values): Cell => {
      const config = v.parse(TrialConfigSchema, withValues(sweep.config, values));
      return { id: contentHash(config).slice(0, 16), values, config };
    });
  if (cells.length === 0) {
    throw new InputError({
      file: source.locate(['exclude']),
      path: 'exclude',
      got: 'no cell left',
      want: 'at least one',
    });
  }
  refuseEqualCells(cells, source);

  const trials = cells
    .flatMap((cell) => seeds.map((seed) => ({ id: `${cell.id}-s${seed}`, cell: cell.id, seed })))
    .map((trial, index): PlannedTrial => ({ ...trial, index }));
  const hash = contentHash({ cells: cells.map((cell) => cell.config), seeds });
  return { version: 1, name: sweep.name, hash, axes, seeds, cells, trials };
}

/** Before anything is spelled out: a zero too many must not take all the memory of the machine. */
function checkSize({ axes, seeds }: SweepFile, source: SourceText): void {
  const sizes = Object.entries(axes).map(([key, axis]): [string, number] => {
    if (axis === 'boolean') return [key, 2];
    return [key, Array.isArray(axis) ? axis.length : axis.points + ('zero' in axis && axis.zero ? 1 : 0)];
  });
  sizes.push(['seeds', typeof seeds === 'number' ? seeds : seeds.length]);
  const combined = sizes.reduce((product, [, size]) => product * size, 1);
  if (combined <= MAX_TRIALS) return;
  const [largest] = sizes.toSorted(([, a], [, b]) => b - a)[0]!;
  const path = largest === 'seeds' ? ['seeds'] : ['axes', largest];
  const got = `${sizes.map(([key, size]) => `${key} ${size}`).join(' × ')}, ${combined} trials`;
  throw new InputError({
    file: source.locate(path),
    path: formatPath(path),
    got,
    want: `at most ${MAX_TRIALS} trials`,
  });
}

/** Each value is tried on its own in the shared configuration, so that the error can point at it. */
function checkAxes(axes: Axis[], sweep: SweepFile, source: SourceText): void {
  const problems = axes.flatMap((axis) => {
    refuseDuplicates(axis.values, ['axes', axis.key], source);
    return axis.values.flatMap((value, index) => {
      const result = v.safeParse(TrialConfigSchema, withValues(sweep.config, { [axis.key]: value }));
      if (result.success) return [];
      const isList = Array.isArray(sweep.axes[axis.key]);
      const path = isList ? ['axes', axis.key, index] : ['axes', axis.key];
      return result.issues
        .slice(0, 1)
        .flatMap((issue) => explain(issue, source, []))
        .map((problem) =>
          problem.got.startsWith('the unknown key')
            ? {
                file: source.locate(['axes', axis.key]),
                path: 'axes',
                got: problem.got,
                want: suggestKey(axis.key, 'axes'),
              }
            : { ...problem, file: source.locate(path), path: formatPath(path) },
        );
    });
  });
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  if (unique.size > 0) throw new InputError(...unique.values());
}

/** An exclusion that can never match is a typing error, and would silently run what the user wanted out. */
function checkExclusions(axes: Axis[], sweep: SweepFile, source: SourceText): void {
  for (const [index, entry] of sweep.exclude.entries()) {
    for (const [key, value] of Object.entries(entry)) {
      const path = ['exclude', index, key];
      const place = { file: source.locate(path), path: formatPath(path) };
      const axis = axes.find((candidate) => candidate.key === key);
      if (axis === undefined) {
        throw new InputError({ ...place, got: `the key "${key}"`, want: `an axis: ${names(axes)}` });
      }
      if (!axis.values.includes(value)) {
        throw new InputError({
          ...place,
          got: describe(value),
          want: `a value of the axis: ${axis.values.join(', ')}`,
        });
      }
    }
  }
}

const names = (axes: Axis[]): string => (axes.length === 0 ? 'none is defined' : axes.map(({ key }) => key).join(', '));

function refuseDuplicates(values: AxisValue[], path: (string | number)[], source: SourceText): void {
  const index = values.findIndex((value, i) => values.indexOf(value) < i);
  if (index < 0) return;
  const place = [...path, index];
  throw new InputError({
    file: source.locate(place),
    path: formatPath(place),
    got: `${describe(values[index])} a second time`,
    want: 'each value once',
  });
}

/** Two cells of the same configuration would be one trial counted twice. */
function refuseEqualCells(cells: Cell[], source: SourceText): void {
  const seen = new Map<string, Cell>();
  for (const cell of cells) {
    const twin = seen.get(cell.id);
    if (twin !== undefined) {
      throw new InputError({
        file: source.locate(['axes']),
        path: 'axes',
        got: `${describe(twin.values)} and ${describe(cell.values)}, which are the same configuration`,
        want: 'cells that differ',
      });
    }
    seen.set(cell.id, cell);
  }
}

function combinations(axes: Axis[]): Record<string, AxisValue>[] {
  return axes.reduce<Record<string, AxisValue>[]>(
    (rows, axis) => rows.flatMap((row) => axis.values.map((value) => ({ ...row, [axis.key]: value }))),
    [{}],
  );
}

const matches = (values: Record<string, AxisValue>, entry: Record<string, AxisValue>): boolean =>
  Object.entries(entry).every(([key, value]) => values[key] === value);

/** `data.imageSize` goes into `config.data`; every other key is flat. */
function withValues(config: object, values: Record<string, AxisValue>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...config };
  for (const [key, value] of Object.entries(values)) {
    const [head, tail] = splitKey(key);
    if (tail === undefined) result[head] = value;
    else result[head] = { ...(result[head] as object), [tail]: value };
  }
  return result;
}

function splitKey(key: string): [string, string | undefined] {
  const dot = key.indexOf('.');
  return dot < 0 ? [key, undefined] : [key.slice(0, dot), key.slice(dot + 1)];
}
