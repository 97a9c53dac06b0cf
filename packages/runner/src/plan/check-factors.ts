import {
  type Axis,
  type AxisValue,
  describe,
  InputError,
  type InputProblem,
  TrialConfigSchema,
} from '@l2bn/core/sweep';
import * as v from 'valibot';
import { type Values, wantedValues, withValues } from './config-values.ts';
import { explain } from './explain-issues.ts';
import type { Factor } from './factors.ts';
import { formatPath } from './format-path.ts';
import { knownKeys, suggestKey } from './known-keys.ts';
import { DATA_AS_AXIS, dataOf, meantDataAxes } from './meant-instead.ts';
import type { DocumentPath, SourceText } from './source-text.ts';
import type { SweepFile } from './sweep-file.ts';

/** Values that no trial could have are said once each, up to this many. */
const MAX_PROBLEMS = 20;

/** Each value is tried on its own in the shared configuration, so that the error can point at it. */
export function checkFactors(factors: readonly Factor[], sweep: SweepFile, source: SourceText): void {
  const problems = factors.flatMap((factor, index) => {
    const { axis, path, isList, when } = factor;
    const place = problemAt(path, source);
    if (factors.findIndex((other) => other.axis.key === axis.key) < index) {
      return [{ ...place, got: `the key "${axis.key}" in samples too`, want: 'it in one of them' }];
    }
    if (axis.key === 'data') return [{ ...place, got: DATA_AS_AXIS, want: meantDataAxes(axis.values).want }];
    if (isList && !factor.isSampled) refuseDuplicates(axis.values, path, source);
    return [
      ...axis.values.flatMap((value, i) => {
        return problemsOf({ [axis.key]: value }, isList ? [...path, i] : path, path.slice(0, -1), sweep, source);
      }),
      ...Object.entries(when ?? {}).flatMap(([key, wanted]) =>
        conditionProblems(factors, index, key, wantedValues(wanted), sweep, source),
      ),
    ];
  });
  throwAll(problems);
}

/** A condition speaks of values that a cell can have by then. */
function conditionProblems(
  factors: readonly Factor[],
  index: number,
  key: string,
  wanted: readonly AxisValue[],
  sweep: SweepFile,
  source: SourceText,
): InputProblem[] {
  const factor = factors[index]!;
  const path = [...conditionPath(factor), key];
  const at = factors.findIndex(({ axis }) => axis.key === key);
  if (at >= index) {
    return [{ ...problemAt(path, source), got: `the key "${key}"`, want: 'a key that is declared above the axis' }];
  }
  const values = factors[at]?.axis.values;
  return wanted.flatMap((value) => {
    const problems = problemsOf({ [key]: value }, path, path.slice(0, -1), sweep, source);
    if (problems.length > 0 || values === undefined || values.includes(value)) return problems;
    return [{ ...problemAt(path, source), got: describe(value), want: `a value of the axis: ${listed(values)}` }];
  });
}

/** An axis that varies nowhere is a typing error: its condition holds for no cell. */
export function checkConditions(factors: readonly Factor[], cells: readonly Values[], source: SourceText): void {
  throwAll(
    factors
      .filter(({ axis, when }) => when !== undefined && !cells.some((values) => axis.key in values))
      .map((factor) => ({
        ...problemAt(conditionPath(factor), source),
        got: describe(factor.when),
        want: 'a condition that some cell meets',
      })),
  );
}

/** Extra cells may set any key of the configuration, to a value that it can have. */
export function checkExtraCells(sweep: SweepFile, source: SourceText): void {
  throwAll(
    sweep.cells.flatMap((entry, index) =>
      Object.entries(entry).flatMap(([key, value]) =>
        problemsOf({ [key]: value }, ['cells', index, key], ['cells', index], sweep, source),
      ),
    ),
  );
}

/** An exclusion that can never match is a typing error, and would silently run what the user wanted out. */
export function checkExclusions(factors: readonly Factor[], sweep: SweepFile, source: SourceText): void {
  const axes = factors.map(({ axis }) => axis);
  for (const [index, entry] of sweep.exclude.entries()) {
    for (const [key, value] of Object.entries(entry)) {
      const place = problemAt(['exclude', index, key], source);
      const axis = axes.find((candidate) => candidate.key === key);
      if (axis === undefined) {
        throw new InputError({ ...place, got: `the key "${key}"`, want: `an axis: ${names(axes)}` });
      }
      if (!axis.values.includes(value)) {
        throw new InputError({ ...place, got: describe(value), want: `a value of the axis: ${listed(axis.values)}` });
      }
    }
  }
}

export function refuseDuplicates(values: readonly AxisValue[], path: DocumentPath, source: SourceText): void {
  const seen = new Set<AxisValue>();
  for (const [index, value] of values.entries()) {
    if (seen.has(value)) {
      const place = problemAt([...path, index], source);
      throw new InputError({ ...place, got: `${describe(value)} a second time`, want: 'each value once' });
    }
    seen.add(value);
  }
}

/** What is wrong with one key's value, said of `path`; of `parent` where there is no such key. */
function problemsOf(
  values: Values,
  path: DocumentPath,
  parent: DocumentPath,
  sweep: SweepFile,
  source: SourceText,
): InputProblem[] {
  const result = v.safeParse(TrialConfigSchema, withValues(sweep.config, values));
  if (result.success) return [];
  const [key] = Object.keys(values);
  const isAxis = parent.at(-1) === 'axes';
  if (key === 'data') {
    const [own] = Object.entries(dataOf(String(values[key])));
    return [
      { ...problemAt(path, source), got: 'the key "data"', want: `one of its own, such as "data.${own!.join(': ')}"` },
    ];
  }
  return result.issues
    .slice(0, 1)
    .flatMap((issue) => explain(issue, source, []))
    .map((problem) =>
      problem.got.startsWith('the unknown key')
        ? {
            file: source.locate([...parent, key!]),
            path: formatPath(parent),
            got: `the unknown key ${describe(key)}`,
            want: isAxis && knownKeys('').includes(key!) ? 'it at the top: it is no axis' : suggestKey(key!, 'axes'),
          }
        : { ...problem, ...problemAt(path, source) },
    );
}

export const problemAt = (path: DocumentPath, source: SourceText): { file: string; path: string } => ({
  file: source.locate(path),
  path: formatPath(path),
});

/** The list of a conditional axis stands beside its condition. */
const conditionPath = ({ path }: Factor): DocumentPath =>
  path.at(-1) === 'values' ? [...path.slice(0, -1), 'when'] : [...path, 'when'];

export function throwAll(problems: InputProblem[]): void {
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  if (unique.size > 0) throw new InputError(...[...unique.values()].slice(0, MAX_PROBLEMS));
}

const names = (axes: readonly Axis[]): string =>
  axes.length === 0 ? 'none is defined' : axes.map(({ key }) => key).join(', ');

/** Values to choose from; the first ones of very many. */
const listed = (values: readonly AxisValue[]): string =>
  values.length <= 20 ? values.join(', ') : `${values.slice(0, 20).join(', ')}, …`;
