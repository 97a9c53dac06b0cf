import type { DocumentPath } from './format-path.ts';

/**
 * Where a value leads back to something that holds it, as an alias inside its own anchor does: `['axes', 'l2', 1]`.
 * Undefined where nothing does. What stands in several places is looked at once.
 */
export function circularPath(value: unknown): DocumentPath | undefined {
  const holders = new Set<object>();
  const seen = new Set<object>();
  const search = (inner: unknown, path: DocumentPath): DocumentPath | undefined => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    if (holders.has(inner)) return path;
    if (seen.has(inner)) return undefined;
    seen.add(inner);
    holders.add(inner);
    for (const [key, each] of Object.entries(inner)) {
      const found = search(each, [...path, Array.isArray(inner) ? Number(key) : key]);
      if (found !== undefined) return found;
    }
    holders.delete(inner);
    return undefined;
  };
  return search(value, []);
}
