import { describe, InputError, type InputProblem, TrialConfigSchema } from '@l2bn/core/sweep';
import { parseDocument } from 'yaml';
import { circularPath } from './circular-path.ts';
import { splitKey } from './config-values.ts';
import {
  COMMAND_LINE,
  isMapping,
  type Mapping,
  type Override,
  without,
  withoutContradictions,
} from './contradictions.ts';
import { editDistance, suggestKey } from './known-keys.ts';
import { dataOf } from './meant-instead.ts';
import type { DocumentPath, SourceText } from './source-text.ts';
import { SweepFileSchema } from './sweep-file.ts';

/** Keys of a sweep file that hold the keys of trials; those are overridden by their own names. */
const CONTAINERS = ['$schema', 'config', 'axes', 'exclude', 'cells'];
/** The one axis that is written as a word. */
const BOOLEAN_AXIS = 'boolean';

/**
 * The sweep file's content with `key=value` words from a command line put in, before any schema sees it:
 *
 * - `l2=1e-3` sets what all trials share, and ends an axis of that name;
 * - `l2=0,1e-4` makes an axis of these values, `l2=1e-4,` one of a single value, `l2={log: [1e-5, 1e-2], points: 4}` any
 *   axis as a file writes it;
 * - `name=…`, `seeds=…`, `workers=…` and the like set the sweep file's own keys; `data.imageSize=48` goes below `data`.
 *
 * Values are YAML. What an override leaves without an object is dropped: exclusions, extra cells with another value, axes
 * whose condition can no longer hold, sampled keys.
 *
 * @throws InputError for words that are no override and for keys that nobody knows; values are left to the schema, which
 * then names the command line.
 */
export function applyOverrides(source: SourceText, overrides: readonly string[]): SourceText {
  if (overrides.length === 0) return source;
  const parsed = parseAll(overrides);
  // Anything else is refused by the schema, with a better word than could be said here.
  if (!isMapping(source.value)) return source;
  const value = parsed.reduce(apply, source.value);
  const places = parsed.map(placeOf);
  return {
    file: source.file,
    value: withoutContradictions(value, parsed),
    locate: (path) => (places.some((place) => startsWith(path, place)) ? COMMAND_LINE : source.locate(path)),
  };
}

function parseAll(overrides: readonly string[]): Override[] {
  const problems: InputProblem[] = [];
  const parsed = new Map<string, Override>();
  for (const word of overrides) {
    try {
      const override = parse(word);
      if (parsed.has(override.key)) throw problem(`"${override.key}" a second time`, 'each key once');
      parsed.set(override.key, override);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError(...problems);
  return [...parsed.values()];
}

function parse(word: string): Override {
  const equals = word.indexOf('=');
  if (equals <= 0) throw problem(describe(word), 'key=value, such as l2=0,1e-4 or batchNorm=true');
  const key = word.slice(0, equals);
  const value = parseValue(key, word.slice(equals + 1));
  const [head] = splitKey(key);
  if (sweepKeys().includes(head)) return { key, target: 'sweep', value };
  if (!configKeys().includes(head) || key === 'data') {
    throw problem(`the unknown key ${describe(key)}`, dataWords(key, value) ?? suggestion(key));
  }
  return { key, target: isAxis(value) ? 'axis' : 'config', value };
}

/** One YAML value, or several with commas between them. */
function parseValue(key: string, text: string): unknown {
  const document = parseDocument(`[${text}]`, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw problem(describe(`${key}=${text}`), 'a YAML value, or several with commas between');
  const values = valuesOf(document, `${key}=${text}`);
  if (values.length === 0 || values.includes(null)) throw problem(`nothing for "${key}"`, `${key}=value`);
  const isList = values.length > 1 || text.trimEnd().endsWith(',');
  return isList ? values : values[0];
}

function valuesOf(document: ReturnType<typeof parseDocument>, word: string): unknown[] {
  try {
    const values = document.toJS() as unknown[];
    if (circularPath(values) === undefined) return values;
  } catch (error) {
    // An alias without an anchor, or too many of them.
    if (!(error instanceof ReferenceError)) throw error;
  }
  throw problem(describe(word), 'values without aliases');
}

/** `data=digits` as the words that have this effect. */
function dataWords(key: string, value: unknown): string | undefined {
  if (key !== 'data' || typeof value !== 'string') return undefined;
  return Object.entries(dataOf(value))
    .map((entry) => `data.${entry.join('=')}`)
    .join(' ');
}

const isAxis = (value: unknown): boolean => typeof value === 'object' || value === BOOLEAN_AXIS;

const sweepKeys = (): string[] => Object.keys(SweepFileSchema.entries).filter((key) => !CONTAINERS.includes(key));
const configKeys = (): string[] => Object.keys(TrialConfigSchema.entries);

function suggestion(key: string): string {
  const bare = key.replace(/^(config|axes)\./, '');
  const near = sweepKeys().filter((known) => editDistance(bare.toLowerCase(), known.toLowerCase()) <= 2);
  if (near.length > 0) return near.map((known) => `"${known}"`).join(' or ');
  const wanted = suggestKey(bare, 'axes');
  return wanted.startsWith('one of:') ? `${wanted}, ${sweepKeys().join(', ')}` : wanted;
}

function apply(before: Mapping, { key, target, value: given }: Override): Mapping {
  if (target === 'sweep') return setDotted(before, splitKey(key), given);
  const value = withoutSampled(before, key);
  const axes = asMapping(value.axes);
  if (target === 'axis') return axes === undefined ? value : { ...value, axes: withAxis(axes, key, given) };
  const config = asMapping(value.config);
  if (config === undefined) return value;
  const changed = { ...value, config: setDotted(config, splitKey(key), given) };
  return axes === undefined || !(key in axes) ? changed : { ...changed, axes: without(axes, key) };
}

/** In its place, or as a new one: last, but above the axes whose conditions speak of it. */
function withAxis(axes: Mapping, key: string, given: unknown): Mapping {
  const isSpokenOf = Object.values(axes).some((axis) => isMapping(axis) && isMapping(axis.when) && key in axis.when);
  return isSpokenOf && !(key in axes) ? { [key]: given, ...axes } : { ...axes, [key]: given };
}

/** A key that is set or made an axis is sampled no more; `axes` stays, as a word that there is a grid. */
function withoutSampled(value: Mapping, key: string): Mapping {
  const { samples } = value;
  if (!isMapping(samples) || !isMapping(samples.axes) || !(key in samples.axes)) return value;
  const axes = without(samples.axes, key);
  if (Object.keys(axes).length > 0) return { ...value, samples: { ...samples, axes } };
  return { axes: {}, ...without(value, 'samples') };
}

/** Undefined for what is no mapping and therefore refused by the schema. */
const asMapping = (value: unknown): Mapping | undefined =>
  value === undefined || value === null ? {} : isMapping(value) ? value : undefined;

function setDotted(mapping: Mapping, [head, tail]: [string, string | undefined], value: unknown): Mapping {
  if (tail === undefined) return { ...mapping, [head]: value };
  return { ...mapping, [head]: { ...asMapping(mapping[head]), [tail]: value } };
}

const placeOf = ({ key, target }: Override): DocumentPath => {
  const parts = splitKey(key).filter((part) => part !== undefined);
  return target === 'sweep' ? parts : target === 'axis' ? ['axes', key] : ['config', ...parts];
};

const startsWith = (path: DocumentPath, start: DocumentPath): boolean => start.every((part, i) => path[i] === part);

const problem = (got: string, want: string): InputError => new InputError({ file: COMMAND_LINE, got, want });
