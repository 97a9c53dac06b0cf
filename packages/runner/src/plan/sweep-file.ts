import { TrialConfigSchema } from '@l2bn/core/sweep';
import * as v from 'valibot';

/** The one schema of a sweep file, in YAML, JSON or TypeScript; editors get it as JSON Schema (`schema/l2bn.v1.json`). */

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0));
const points = v.pipe(v.number(), v.integer(), v.minValue(2));
const axisValue = v.union([finite, v.boolean(), v.pipe(v.string(), v.nonEmpty())]);
const seed = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1));

/** The values as they stand, in this order. */
const ListAxisSchema = v.pipe(v.array(axisValue), v.minLength(1));
/** `points` values at equal distances, both ends included. */
const LinearAxisSchema = v.strictObject({ linear: v.tuple([finite, finite]), points });
/** `points` values at equal ratios, both ends included; `zero: true` puts an exact 0 in front. */
const LogAxisSchema = v.strictObject({
  log: v.tuple([positive, positive]),
  points,
  zero: v.optional(v.boolean(), false),
});

export const AxisSchema = v.union([v.literal('boolean'), ListAxisSchema, LinearAxisSchema, LogAxisSchema]);
export type AxisDefinition = v.InferOutput<typeof AxisSchema>;

export const SweepFileSchema = v.strictObject({
  /** For editors only. */
  $schema: v.optional(v.string()),
  /** Names the folder of results; letters, digits, `-`, `_` and `.`. */
  name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
  /** What all trials share; every key has a default. */
  config: v.optional(TrialConfigSchema, {}),
  /** Swept factors: any key of `config`, dotted below `data`. The last one varies fastest. */
  axes: v.optional(v.record(v.string(), AxisSchema), {}),
  /** A list of seeds, or their number n for 1…n. */
  seeds: v.optional(
    v.union([v.pipe(v.number(), v.integer(), v.minValue(1)), v.pipe(v.array(seed), v.minLength(1))]),
    1,
  ),
  /** Combinations that are left out: a cell goes if it has all the values of one entry. */
  exclude: v.optional(v.array(v.pipe(v.record(v.string(), axisValue), v.minEntries(1))), []),
  /** Worker threads; `auto` is as many as cores and memory allow. */
  workers: v.optional(v.union([v.literal('auto'), v.pipe(v.number(), v.integer(), v.minValue(1))]), 'auto'),
  /** How often a trial that threw an error is tried again, with the same seed. */
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 1),
  /** Seconds without a word from a running trial after which it is killed and tried again from its checkpoint. */
  hangTimeout: v.optional(v.pipe(v.number(), v.minValue(1)), 300),
});

export type SweepFile = v.InferOutput<typeof SweepFileSchema>;
/** What a user writes. */
export type SweepFileInput = v.InferInput<typeof SweepFileSchema>;

/** Types a sweep written in TypeScript: `export default defineSweep({ … })`. */
export const defineSweep = (sweep: SweepFileInput): SweepFileInput => sweep;
