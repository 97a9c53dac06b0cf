import { availableParallelism } from 'node:os';
import type { TrialConfig } from '@l2bn/core/sweep';
import type { LoadedSweep } from '../../plan/build-plan.ts';
import { canonicalJson } from '../../plan/canonical-json.ts';
import { distinctData } from '../../plan/distinct-data.ts';
import type { Inspection } from '../audit/inspection.ts';
import { costOf, type MeasuredShape } from './known-costs.ts';
import type { ShapeCost } from './shape-cost.ts';
import { type StepShape, shapeKey, stepShapes } from './step-shapes.ts';
import { sweepTime } from './sweep-time.ts';

/** A shape of step with what it costs, all times in ms. */
export interface TimedShape extends ShapeCost {
  /** What tells it from other shapes. */
  config: Pick<
    TrialConfig,
    'model' | 'alpha' | 'batchNorm' | 'stemStride' | 'optimizer' | 'batchSize' | 'engine' | 'data'
  >;
  trials: number;
  /** False: estimated from those that were. */
  measured: boolean;
}

export interface PlanTime {
  /** How long the sweep will take, in ms. */
  total: number;
  /** Time of that before the first trial starts, in ms. */
  start: number;
  /** Trials at the same time, now and while the steps were timed. */
  workers: number;
  /** Processes that wanted a core before (the load average of the last minute), and cores; 0 where it is not known. */
  load: number;
  cores: number;
  /** Whether pruning or patience may end trials earlier. */
  isUpperBound: boolean;
  shapes: TimedShape[];
}

export interface PlanTimeOptions {
  /** The shapes that were timed. */
  tried: readonly StepShape[];
  workers: number;
  load: number;
  /** Trials that have a result already. */
  finished: ReadonlySet<string>;
}

/** How long a sweep will take, by what its steps took. Undefined where no step could be timed. */
export function planTime(
  { plan, sweep }: LoadedSweep,
  { start, data, costs }: Inspection,
  { tried, workers, load, finished }: PlanTimeOptions,
): PlanTime | undefined {
  const measured: MeasuredShape[] = tried.flatMap((shape, index) => {
    const cost = costs[index];
    return cost === null || cost === undefined ? [] : [{ shape, cost }];
  });
  if (measured.length === 0) return undefined;
  const images = new Map(distinctData(plan).map((config, index) => [canonicalJson(config), data[index]!]));
  const shapes = stepShapes(plan);
  const known = new Map(shapes.map((shape) => [shape.key, costOf(shape, measured)!]));
  const total = sweepTime(plan, {
    workers,
    start,
    imagesOf: (config) => images.get(canonicalJson(config.data))!,
    costOf: (config) => known.get(shapeKey(config))!,
    finished,
  });
  const isMeasured = new Set(measured.map(({ shape }) => shape.key));
  return {
    total,
    start,
    workers,
    load,
    cores: availableParallelism(),
    isUpperBound: sweep.pruning !== undefined || plan.cells.some(({ config }) => config.patience !== undefined),
    shapes: shapes.map(({ key, config, trials }) => ({
      config: tellingPart(config),
      trials,
      measured: isMeasured.has(key),
      ...known.get(key)!,
    })),
  };
}

function tellingPart(config: TrialConfig): TimedShape['config'] {
  const { model, alpha, batchNorm, stemStride, optimizer, batchSize, engine, data } = config;
  return { model, alpha, batchNorm, stemStride, optimizer, batchSize, engine, data };
}
