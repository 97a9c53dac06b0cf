import { describe, InputError, type InputProblem } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { COMMAND_LINE, isMapping } from './contradictions.ts';
import { formatPath } from './format-path.ts';
import { knownKeys, suggestKey } from './known-keys.ts';
import { listsForMappings } from './lists-for-mappings.ts';
import { DATA_AS_AXIS, meantDataAxes, meantInstead } from './meant-instead.ts';
import type { DocumentPath, SourceText } from './source-text.ts';
import { AXIS_KINDS, DIMENSION_KINDS } from './sweep-file.ts';

const NAME = 'a name of letters, digits, "-", "_" and "." (64 at most)';
/** What the keys are that cannot be left out. */
const REQUIRED_KEYS: Readonly<Record<string, string>> = {
  name: NAME,
  points: 'the number of values, 2 or more',
  samples: 'the number of values, 1 or more',
  count: 'the number of points, 1 or more',
  axes: 'a mapping of the keys to sample',
};
/** Valibot's names of types, as users call them. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  Object: 'a mapping',
  Array: 'a list',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  undefined: 'nothing',
};

/** Parses `source` by `schema`, or throws an `InputError` that lists every problem with its line and path. */
export function parseWith<const S extends v.GenericSchema>(schema: S, source: SourceText): v.InferOutput<S> {
  refuseLists(listsForMappings(schema, source.value), source);
  const result = v.safeParse(schema, source.value);
  if (result.success) return result.output;
  throw new InputError(...result.issues.flatMap((issue) => explain(issue, source, [])));
}

function refuseLists(paths: DocumentPath[], source: SourceText): void {
  if (paths.length === 0) return;
  const problems = paths.map((path) => {
    const got = path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], source.value);
    const want = meantInstead(path, got, source.locate(path) === COMMAND_LINE) ?? 'a mapping';
    return { file: source.locate(path), path: formatPath(path), got: describe(got), want };
  });
  throw new InputError(...problems);
}

type Issue = v.BaseIssue<unknown>;

export function explain(issue: Issue, source: SourceText, prefix: DocumentPath): InputProblem[] {
  const path = [...prefix, ...(issue.path ?? []).map((item) => item.key as string | number)];
  const dotted = dataAsAxis(path, issue);
  if (dotted !== undefined) return [{ file: source.locate(path), path: formatPath(path), ...dotted }];
  const nested = meantAxis(path, issue) ?? closestBranch(issue);
  // The issues of a union's branch have paths relative to the union.
  if (nested !== undefined) return nested.flatMap((inner) => explain(inner, source, path));
  const place = { file: source.locate(path), path: formatPath(path) };
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const misplaced = keyOfOtherKind(path, issue);
    if (misplaced !== undefined) return [{ ...place, ...misplaced }];
    const want = suggestKey(String(path.at(-1)), formatPath(path.slice(0, -1)));
    return [{ ...place, got: `the unknown key ${describe(path.at(-1))}`, want }];
  }
  const want = meantInstead(path, issue.input, place.file === COMMAND_LINE) ?? wanted(issue);
  return [{ ...place, got: describe(issue.input), want }, ...keysForRule(path, issue, source)];
}

/** Where the key that tells the rules of pruning apart is missing, the others are not looked at; one may be meant for it. */
function keysForRule(path: DocumentPath, issue: Issue, source: SourceText): InputProblem[] {
  const mapping = issue.path?.at(-1)?.input;
  if (formatPath(path) !== 'pruning.rule' || issue.input !== undefined || !isMapping(mapping)) return [];
  return Object.keys(mapping)
    .filter((key) => !knownKeys('pruning').includes(key))
    .map((key) => {
      const place = ['pruning', key];
      const want = suggestKey(key, 'pruning');
      return { file: source.locate(place), path: formatPath(place), got: `the unknown key ${describe(key)}`, want };
    });
}

/** `data` below `axes`, as it stands below `config`: there each of its keys is one, with a dot. */
function dataAsAxis(path: DocumentPath, { type, input }: Issue): { got: string; want: string } | undefined {
  if (type !== 'union' || axisKindsAt(path) === undefined || path.at(-1) !== 'data') return undefined;
  const { areKnown, want } = meantDataAxes(input);
  if (!areKnown) return { got: DATA_AS_AXIS, want };
  return { got: isMapping(input) ? 'data with keys in it' : describe(input), want };
}

/** An axis written as a mapping says by a key of which kind it is: what is wrong with the other kinds is no help. */
function meantAxis(path: DocumentPath, { type, input }: Issue): Issue[] | undefined {
  const kinds = axisKindsAt(path);
  if (type !== 'union' || kinds === undefined || typeof input !== 'object' || input === null || Array.isArray(input)) {
    return undefined;
  }
  const kind = Object.keys(kinds).find((key) => key in input);
  const branch = kind === undefined ? unknownKind(kinds) : kinds[kind]!;
  return v.safeParse(branch, input).issues;
}

/** A key that is known, but of another kind of axis than the one that its neighbours tell. */
function keyOfOtherKind(path: DocumentPath, issue: Issue): { got: string; want: string } | undefined {
  const kinds = axisKindsAt(path.slice(0, -1));
  const mapping = issue.path?.at(-1)?.input;
  if (kinds === undefined || typeof mapping !== 'object' || mapping === null) return undefined;
  const key = String(path.at(-1));
  const meant = Object.keys(kinds).find((kind) => kind in mapping);
  const owners = Object.keys(kinds).filter((kind) => keysOf(kinds[kind]!).includes(key));
  if (meant === undefined || owners.length === 0) return undefined;
  if (key in kinds) return { got: `"${key}" beside "${meant}"`, want: 'one of them' };
  return { got: `"${key}" beside "${meant}"`, want: `it with ${owners.join(' or ')} only` };
}

const keysOf = (kind: v.GenericSchema): string[] =>
  Object.keys((kind as v.StrictObjectSchema<v.ObjectEntries, undefined>).entries);

function axisKindsAt(path: DocumentPath): Readonly<Record<string, v.GenericSchema>> | undefined {
  if (path.length === 2 && path[0] === 'axes') return AXIS_KINDS;
  if (path.length === 3 && path[0] === 'samples' && path[1] === 'axes') return DIMENSION_KINDS;
  return undefined;
}

/** Refuses every mapping: by its unknown key if there is one, else for want of a key that tells the kind. */
const unknownKind = (kinds: object): v.GenericSchema => {
  const wanted = `a list, boolean, or a mapping with ${Object.keys(kinds).join(', ')}`.replace(/, (?=\w+$)/, ' or ');
  const keys = Object.values(kinds as Record<string, v.GenericSchema>).flatMap(keysOf);
  const entries = Object.fromEntries(keys.map((key) => [key, v.optional(v.unknown())]));
  return v.pipe(
    v.strictObject(entries),
    v.check(() => false, wanted),
  );
};

/**
 * A union that fails reports every branch. The branch that the user meant is the one that got into the value — its issue
 * has a path, or is about the value and no longer about its type. Without one, the union itself is the problem.
 */
function closestBranch(issue: Issue): Issue[] | undefined {
  if (issue.type !== 'union' || issue.issues === undefined) return undefined;
  const inside = issue.issues.filter((inner) => (inner.path?.length ?? 0) > 0 || inner.kind === 'validation');
  const [nearest] = inside.filter((inner) => inner.type !== 'strict_object').concat(inside);
  return nearest === undefined ? undefined : [nearest];
}

function wanted(issue: Issue): string {
  const { expected, requirement } = issue as Issue & { requirement?: unknown };
  if (issue.type === 'strict_object' && issue.input === undefined) {
    return REQUIRED_KEYS[String(issue.path?.at(-1)?.key)] ?? readable(expected ?? '');
  }
  switch (issue.type) {
    case 'min_value':
      return `a number ≥ ${String(requirement)}`;
    case 'max_value':
      return `a number ≤ ${String(requirement)}`;
    case 'gt_value':
      return `a number > ${String(requirement)}`;
    case 'lt_value':
      return `a number < ${String(requirement)}`;
    case 'integer':
      return 'a whole number';
    case 'finite':
      return 'a finite number';
    case 'non_empty':
      return 'a text that is not empty';
    case 'min_length':
      return requirement === 1 ? 'at least one value' : `at least ${String(requirement)} values`;
    case 'min_entries':
      return requirement === 1 ? 'at least one key' : `at least ${String(requirement)} keys`;
    case 'max_entries':
      return `at most ${String(requirement)} keys`;
    case 'regex':
      return NAME;
    case 'picklist':
      return `one of ${(issue.expected ?? '').replaceAll(/[()]/g, '').replaceAll(' | ', ', ')}`;
    default:
      return expected === null ? issue.message : readable(expected);
  }
}

const readable = (expected: string): string =>
  expected
    .replaceAll(/[()]/g, '')
    .split(' | ')
    .map((part) => TYPE_NAMES[part] ?? part)
    .filter((part, index, all) => all.indexOf(part) === index && part !== 'nothing')
    .join(' or ');
