import { TrialConfigSchema } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { PruningSchema } from './pruning.ts';
import { SOBOL_DIMENSIONS } from './sampling/sobol.ts';

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0));
const points = v.pipe(v.number(), v.integer(), v.minValue(2));
const axisValue = v.union([finite, v.boolean(), v.pipe(v.string(), v.nonEmpty())]);
const seed = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1));

/** Silence in s after which a trial counts as hung, where nothing else is asked for. */
export const DEFAULT_HANG_TIMEOUT_S = 300;

/**
 * Holds an axis to the cells that have these values of other keys, declared above it: one value a key, or any of a list.
 * Elsewhere the axis does not vary: the cell takes the key from `config`.
 */
const condition = v.pipe(
  v.record(v.string(), v.union([axisValue, v.pipe(v.array(axisValue), v.minLength(1))])),
  v.minEntries(1),
);
const when = v.optional(condition);
const rising = v.check<[number, number], string>(([from, to]) => from < to, 'the smaller number first');
const range = v.pipe(v.tuple([finite, finite]), rising);
const positiveRange = v.pipe(v.tuple([positive, positive]), rising);
const values = v.pipe(v.array(axisValue), v.minLength(1));
const samples = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
interface SampledRange {
  uniform?: [number, number];
  logUniform?: [number, number];
  integer: boolean;
}
const NO_INTEGER = 'a range that holds a whole number';
function isSampleable({ uniform, logUniform, integer }: SampledRange): boolean {
  const [from, to] = uniform ?? logUniform ?? [0, 0];
  return !integer || Math.ceil(from) <= Math.floor(to);
}
const integer = v.optional(v.boolean(), false);
const zero = v.optional(v.boolean(), false);

/** The values as they stand, in this order. */
const ListAxisSchema = values;
/** An axis written as a mapping, by the key that tells its kind. */
export const AXIS_KINDS = {
  /** A list that can have a condition. */
  values: v.strictObject({ values, when }),
  /** `points` values at equal distances, both ends included. */
  linear: v.strictObject({ linear: v.tuple([finite, finite]), points, when }),
  /** `points` values at equal ratios, both ends included; `zero: true` puts an exact 0 in front. */
  log: v.strictObject({ log: v.tuple([positive, positive]), points, zero, when }),
  /** `samples` values spread over a range, the same ones for the same seed; a larger number keeps those there are. */
  uniform: v.pipe(
    v.strictObject({ uniform: range, samples, seed: v.optional(seed, 0), integer, when }),
    v.check((axis) => isSampleable(axis), NO_INTEGER),
  ),
  /** The same, by ratios; `zero: true` puts an exact 0 in front. */
  logUniform: v.pipe(
    v.strictObject({ logUniform: positiveRange, samples, seed: v.optional(seed, 0), integer, zero, when }),
    v.check((axis) => isSampleable(axis), NO_INTEGER),
  ),
};

export const AxisSchema = v.union([
  v.literal('boolean'),
  ListAxisSchema,
  AXIS_KINDS.values,
  AXIS_KINDS.linear,
  AXIS_KINDS.log,
  AXIS_KINDS.uniform,
  AXIS_KINDS.logUniform,
]);
export type AxisDefinition = v.InferOutput<typeof AxisSchema>;

/** Share of the points that have an exact 0. */
const zeroShare = v.optional(v.pipe(v.number(), v.gtValue(0), v.ltValue(1)));
/** What one coordinate of a joint sample is spread over, written as a mapping, by the key that tells its kind. */
export const DIMENSION_KINDS = {
  /** Each of the values equally often. */
  values: v.strictObject({ values, when }),
  uniform: v.pipe(
    v.strictObject({ uniform: range, integer, when }),
    v.check((axis) => isSampleable(axis), NO_INTEGER),
  ),
  logUniform: v.pipe(
    v.strictObject({ logUniform: positiveRange, integer, zero: zeroShare, when }),
    v.check((axis) => isSampleable(axis), NO_INTEGER),
  ),
};
export const DimensionSchema = v.union([
  v.literal('boolean'),
  ListAxisSchema,
  DIMENSION_KINDS.values,
  DIMENSION_KINDS.uniform,
  DIMENSION_KINDS.logUniform,
]);
export type DimensionDefinition = v.InferOutput<typeof DimensionSchema>;

export const SamplesSchema = v.strictObject({
  /** Number of points; a larger one later keeps the points that there are. */
  count: samples,
  /** Other seeds are other points. */
  seed: v.optional(seed, 0),
  /** What is sampled, by key of `config`, dotted below `data`. */
  axes: v.pipe(v.record(v.string(), DimensionSchema), v.minEntries(1), v.maxEntries(SOBOL_DIMENSIONS)),
});
export type SamplesDefinition = v.InferOutput<typeof SamplesSchema>;

/** The one schema of a sweep file, in YAML, JSON or TypeScript; editors get it as JSON Schema (`schema/l2bn.v1.json`). */
export const SweepFileSchema = v.strictObject({
  /** For editors only. */
  $schema: v.optional(v.string()),
  /** Names the folder of results; letters, digits, `-`, `_` and `.`. */
  name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
  /** What all trials share; every key has a default. */
  config: v.optional(TrialConfigSchema, {}),
  /** Swept factors: any key of `config`, dotted below `data`. The last one varies fastest. */
  axes: v.optional(v.record(v.string(), AxisSchema)),
  /** Points of several factors at once, spread evenly (Sobol's sequence); each is crossed with all of `axes`. */
  samples: v.optional(SamplesSchema),
  /** A list of seeds, or their number n for 1…n. */
  seeds: v.optional(
    v.union([v.pipe(v.number(), v.integer(), v.minValue(1)), v.pipe(v.array(seed), v.minLength(1))]),
    1,
  ),
  /** Combinations that are left out: a cell goes if it has all the values of one entry. */
  exclude: v.optional(v.array(v.pipe(v.record(v.string(), axisValue), v.minEntries(1))), []),
  /**
   * Cells beside these combinations, each by what it changes of `config`; `exclude` does not touch them. Without `axes` and
   * `samples` they are all there is.
   */
  cells: v.optional(v.array(v.pipe(v.record(v.string(), axisValue), v.minEntries(1))), []),
  /** Worker threads; `auto` is as many as cores and memory allow. */
  workers: v.optional(v.union([v.literal('auto'), v.pipe(v.number(), v.integer(), v.minValue(1))]), 'auto'),
  /** How often a trial that threw an error is tried again, with the same seed. */
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 1),
  /** Seconds without a word from a running trial after which it is killed and tried again from its checkpoint. */
  hangTimeout: v.optional(v.pipe(v.number(), v.minValue(1)), DEFAULT_HANG_TIMEOUT_S),
  /** Ends trials that fall behind others of their arm; off when left out. */
  pruning: v.optional(PruningSchema),
});

export type SweepFile = v.InferOutput<typeof SweepFileSchema>;
/** What a user writes. */
export type SweepFileInput = v.InferInput<typeof SweepFileSchema>;

/** Types a sweep written in TypeScript: `export default defineSweep({ … })`. */
export const defineSweep = (sweep: SweepFileInput): SweepFileInput => sweep;
