import { DataConfigSchema, TrialConfigSchema } from '@l2bn/core/sweep';
import { PruningSchema } from './pruning.ts';
import { AXIS_KINDS, DIMENSION_KINDS, SamplesSchema, SweepFileSchema } from './sweep-file.ts';

/** Short names that other tools and papers use. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  lr: 'learningRate',
  lambda: 'l2',
  wd: 'l2',
  weightdecay: 'l2',
  bn: 'batchNorm',
  seed: 'seeds',
};

/** What to write instead of an unknown key: what else it is called, else the nearest known one, else all of them. */
export function suggestKey(unknown: string, parent: string): string {
  const keys = knownKeys(parent);
  const owner = parent === 'pruning' ? PruningSchema.options.find(({ entries }) => unknown in entries) : undefined;
  if (owner !== undefined) return `it with rule: ${owner.entries.rule.literal} only`;
  if (unknown === 'data' && parent.endsWith('axes')) {
    return `one of its keys: ${knownKeys('config.data')
      .map((key) => `data.${key}`)
      .join(', ')}`;
  }
  const place = rightPlace(unknown, parent);
  if (place !== undefined) return place;
  const plain = unknown.toLowerCase().replaceAll(/[_-]/g, '');
  const meant = OTHER_NAMES[plain];
  if (meant !== undefined && keys.includes(meant)) return `"${meant}"`;
  // Any two letters are within 2 of "l2": they have to be closer.
  const limit = Math.min(2, plain.length - 1);
  const nearest = keys.filter((key) => editDistance(plain, key.toLowerCase()) <= limit);
  return nearest.length > 0 ? nearest.map((key) => `"${key}"`).join(' or ') : `one of: ${keys.join(', ')}`;
}

/** Where a key belongs that is known elsewhere. */
function rightPlace(unknown: string, parent: string): string | undefined {
  const name = OTHER_NAMES[unknown.toLowerCase().replaceAll(/[_-]/g, '')] ?? unknown;
  const shown = name === unknown ? 'it' : `"${name}"`;
  const isIn = (place: string): boolean => !knownKeys(parent).includes(name) && knownKeys(place).includes(name);
  switch (parent) {
    case '':
      if (isIn('axes')) return `${shown} below config, or below axes to sweep it`;
      return isIn('config') ? `${shown} below config` : undefined;
    case 'config':
      if (isIn('')) return `${shown} at the top, beside config`;
      if (isIn('axes')) return `"${name.replace(/^data\./, '')}" below data`;
      return isIn('config.data') ? `${shown} below data` : undefined;
    case 'config.data':
      return isIn('config') ? `${shown} beside data` : undefined;
    case 'samples':
      return isIn('axes') ? `${shown} below samples.axes` : undefined;
    case 'axes':
      return isIn('config.data') ? `"data.${name}"` : undefined;
    case 'pruning':
      return PruningSchema.options.some(({ entries }) => entries.rule.literal === name) ? `"rule: ${name}"` : undefined;
    default:
      return undefined;
  }
}

/** Keys that can stand below a path of the sweep file; of `axes`, those that can be swept. */
export function knownKeys(parent: string): string[] {
  if (parent === '') return Object.keys(SweepFileSchema.entries).filter((key) => key !== '$schema');
  if (parent === 'config') return Object.keys(TrialConfigSchema.entries);
  if (parent === 'config.data') return Object.keys(DataConfigSchema.entries);
  if (parent === 'axes') {
    const flat = knownKeys('config').filter((key) => key !== 'data');
    return [...flat, ...knownKeys('config.data').map((key) => `data.${key}`)];
  }
  if (parent === 'samples') return Object.keys(SamplesSchema.entries);
  if (parent === 'pruning') return [...new Set(PruningSchema.options.flatMap(({ entries }) => Object.keys(entries)))];
  if (parent.startsWith('axes.')) return keysOfKinds(AXIS_KINDS);
  if (parent.startsWith('samples.axes.')) return keysOfKinds(DIMENSION_KINDS);
  return [];
}

const keysOfKinds = (kinds: Record<string, { entries: object }>): string[] => [
  ...new Set(Object.values(kinds).flatMap(({ entries }) => Object.keys(entries))),
];

/** Levenshtein's distance: insertions, deletions and replacements. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
