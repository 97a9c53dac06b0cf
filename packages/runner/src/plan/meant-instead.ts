import { type AxisValue, DATA_SOURCES, DataConfigSchema, describe } from '@l2bn/core/sweep';
import { isMapping } from './contradictions.ts';
import { editDistance, suggestKey } from './known-keys.ts';
import { PruningSchema } from './pruning.ts';
import type { DocumentPath } from './source-text.ts';

/** Words that switch pruning off, elsewhere. */
const OFF = ['off', 'none', 'no', 'false', 'null'];
/** How YAML has it where it needs no quotes. */
const PLAIN_WORD = /^[A-Za-z./][\w./-]*$/;
/** What is wrong with `data` among the axes. */
export const DATA_AS_AXIS = 'data as one axis';
const RULES: readonly string[] = PruningSchema.options.map(({ entries }) => entries.rule.literal);

/** What to write instead, for values of another type than is wanted: what a user will have meant by it. */
export function meantInstead(path: DocumentPath, input: unknown, isCommandLine = false): string | undefined {
  const [last, parent] = [path.at(-1), path.at(-2)];
  if (path.length === 1 && last === 'pruning') return meantRule(input, isCommandLine);
  if (path.length === 2 && parent === 'config' && last === 'data') return meantData(input);
  if (path.length === 2 && parent === 'axes' && isScalar(input)) {
    if (/^bool/i.test(String(input))) return 'boolean';
    return `a list, such as [${scalar(input)}], boolean, or a mapping`;
  }
  if (last === 'when' && typeof input === 'string') return `a mapping, such as { ${scalar(input)}: true }`;
  if ((last === 'exclude' || last === 'cells') && isMapping(input)) return `a list of it: [${flow(input)}]`;
  if (path.length === 2 && last === 'within' && isScalar(input)) return `a list: [${scalar(input)}]`;
  return undefined;
}

function meantRule(input: unknown, isCommandLine: boolean): string | undefined {
  const word = Array.isArray(input) && input.length === 1 ? (input[0] as unknown) : input;
  if (isMapping(word)) return undefined;
  if (OFF.includes(String(word).toLowerCase())) return 'it left out: without it, there is none';
  const near = RULES.filter((rule) => editDistance(String(word).toLowerCase(), rule) <= 2);
  const rules = near.length > 0 ? near : RULES;
  return rules.map((rule) => (isCommandLine ? `pruning.rule=${rule}` : `{ rule: ${rule} }`)).join(' or ');
}

/** `digits`, `[digits]` or the path of a folder, as a mapping. */
function meantData(input: unknown): string | undefined {
  const word = Array.isArray(input) && input.length === 1 ? (input[0] as unknown) : input;
  if (typeof word !== 'string') return undefined;
  return `a mapping: { ${Object.entries(dataOf(word))
    .map(([key, value]) => `${key}: ${scalar(value)}`)
    .join(', ')} }`;
}

/** The keys of `data` that a single word stands for: a source, else the path of a folder. */
export function dataOf(word: string): Record<string, string> {
  const source = DATA_SOURCES.find((known) => editDistance(word.toLowerCase(), known) <= mistakes(word, known));
  return source === undefined ? { source: 'folder', path: word } : { source };
}

/** Letters that may be wrong. Nearly any two words of three letters are within 2 of each other. */
const mistakes = (word: string, known: string): number => (Math.min(word.length, known.length) <= 4 ? 1 : 2);

/** What to write for `data` as an axis: the axes that it stands for, or else which there are. */
export function meantDataAxes(input: unknown): { areKnown: boolean; want: string } {
  const axes = dataAxes(input);
  return { areKnown: axes.length > 0, want: axes.join(' and ') || suggestKey('data', 'axes') };
}

/** Each of the keys of `data` is an axis, with a dot. */
function dataAxes(input: unknown): string[] {
  const values = new Map<string, unknown>();
  for (const entry of Array.isArray(input) ? (input as unknown[]) : [input]) {
    const keys = typeof entry === 'string' ? dataOf(entry) : isMapping(entry) ? entry : {};
    for (const [key, value] of Object.entries(keys)) {
      if (!(key in DataConfigSchema.entries)) continue;
      const before = values.get(key);
      if (!isScalar(value)) values.set(key, value);
      else if (before === undefined || Array.isArray(before)) {
        values.set(key, [...new Set([...((before as unknown[] | undefined) ?? []), value])]);
      }
    }
  }
  return [...values].map(([key, value]) => `"data.${key}: ${flow(value)}"`);
}

const isScalar = (value: unknown): value is AxisValue => ['string', 'number', 'boolean'].includes(typeof value);

const scalar = (value: AxisValue): string =>
  typeof value === 'string' && PLAIN_WORD.test(value) ? value : describe(value);

function flow(value: unknown): string {
  if (Array.isArray(value) && value.every(isScalar)) return `[${value.map(scalar).join(', ')}]`;
  if (!isMapping(value)) return describe(value);
  const entries = Object.entries(value).map(
    ([key, inner]) => `${key}: ${isScalar(inner) ? scalar(inner) : flow(inner)}`,
  );
  return `{ ${entries.join(', ')} }`;
}
