import type * as v from 'valibot';
import type { DocumentPath } from './source-text.ts';

/** What the schemas of a sweep file are made of, as far as they nest. */
interface Nested {
  type: string;
  wrapped?: v.GenericSchema;
  entries?: Record<string, v.GenericSchema>;
  value?: v.GenericSchema;
  item?: v.GenericSchema;
}

/**
 * Where a list stands in place of a mapping. Valibot takes it for a mapping from 0, 1, …: an empty one would pass for a
 * mapping that holds nothing. A union is left out: it tells lists from mappings itself.
 */
export function listsForMappings(schema: v.GenericSchema, given: unknown, path: DocumentPath = []): DocumentPath[] {
  const { type, wrapped, entries, value, item } = schema as Nested;
  if (wrapped !== undefined) return listsForMappings(wrapped, given, path);
  if (given === null || typeof given !== 'object') return [];
  const inner = (at: v.GenericSchema, key: string | number) =>
    listsForMappings(at, (given as Record<string | number, unknown>)[key], [...path, key]);
  if (type === 'array' && item !== undefined && Array.isArray(given)) return given.flatMap((_, i) => inner(item, i));
  if (Array.isArray(given) && (entries !== undefined || value !== undefined || type === 'variant')) return [path];
  if (entries === undefined && value === undefined) return [];
  return Object.keys(given).flatMap((key) => {
    const at = entries === undefined ? value : Object.hasOwn(entries, key) ? entries[key] : undefined;
    return at === undefined ? [] : inner(at, key);
  });
}
