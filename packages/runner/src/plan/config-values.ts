import type { AxisValue } from '@l2bn/core/sweep';

/** Keys of the configuration with values, dotted below `data`. */
export type Values = Readonly<Record<string, AxisValue>>;

/** Key → the value that it must have, or one of several. */
export type Condition = Readonly<Record<string, AxisValue | readonly AxisValue[]>>;

/** The configuration with some keys set: `data.imageSize` goes into `config.data`, every other key is flat. */
export function withValues(config: object, values: Values): Record<string, unknown> {
  const result: Record<string, unknown> = { ...config };
  for (const [key, value] of Object.entries(values)) {
    const [head, tail] = splitKey(key);
    if (tail === undefined) result[head] = value;
    else result[head] = { ...(result[head] as object), [tail]: value };
  }
  return result;
}

/** What the configuration has at a key; undefined where it leaves the key out. */
export function valueAt(config: object, key: string): AxisValue | undefined {
  const [head, tail] = splitKey(key);
  const outer = (config as Record<string, unknown>)[head];
  const value = tail === undefined ? outer : (outer as Record<string, unknown> | undefined)?.[tail];
  return typeof value === 'object' ? undefined : (value as AxisValue | undefined);
}

/** Whether a cell meets a condition: by its own values, else by what all share. */
export function meets(condition: Condition | undefined, values: Values, config: object): boolean {
  return Object.entries(condition ?? {}).every(([key, wanted]) =>
    wantedValues(wanted).includes((values[key] ?? valueAt(config, key)) as AxisValue),
  );
}

export const wantedValues = (wanted: Condition[string]): readonly AxisValue[] =>
  Array.isArray(wanted) ? wanted : [wanted as AxisValue];

export function splitKey(key: string): [string, string | undefined] {
  const dot = key.indexOf('.');
  return dot < 0 ? [key, undefined] : [key.slice(0, dot), key.slice(dot + 1)];
}
