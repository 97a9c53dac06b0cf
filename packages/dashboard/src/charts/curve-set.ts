import type { TrialState } from '@l2bn/core/sweep';
import type { Metric } from '../store/metrics.ts';
import { type AlignedCurves, decimate, type Value } from './decimate.ts';
import { smooth } from './smooth.ts';

export interface CurveOptions {
  /** Width of the drawing area in CSS pixels. */
  pixels: number;
  /** Half-life of smoothing in steps; 0 for none. Only for curves by step. */
  halfLife: number;
  /** Values that are not positive have no place. */
  log: boolean;
}

export interface CurveSet extends AlignedCurves {
  /** Curves that have something to draw. */
  drawn: number;
  /** Points before decimation. */
  points: number;
  /** Curves that are zero throughout and so have no place on a logarithmic axis. */
  zeros: number;
}

/** The curves of `trials` for one metric: by step where the trainer reports steps, else by epoch. */
export function curveSet(trials: readonly TrialState[], metric: Metric, options: CurveOptions): CurveSet {
  const { curve } = metric;
  let points = 0;
  let zeros = 0;
  const prepare = (raw: readonly Value[]): readonly Value[] => {
    points += raw.length;
    if (!options.log) return raw;
    if (raw.length > 0 && raw.every((value) => !(value! > 0))) zeros++;
    return raw.map((value) => (value !== null && value !== undefined && value > 0 ? value : null));
  };
  const aligned =
    curve === null
      ? byEpoch(trials, metric, prepare)
      : decimate(
          trials.map((trial) =>
            prepare(options.halfLife > 0 ? smooth(trial.curve[curve], options.halfLife) : trial.curve[curve]),
          ),
          options.pixels,
        );
  const drawn = aligned.ys.filter((row) => row.some((value) => value !== null && value !== undefined)).length;
  return { ...aligned, drawn, points, zeros };
}

/** `undefined` where another trial has an epoch and this one has none (the line goes on), `null` for a real gap. */
function byEpoch(
  trials: readonly TrialState[],
  metric: Metric,
  prepare: (raw: readonly Value[]) => readonly Value[],
): AlignedCurves {
  const steps = new Set<number>();
  for (const trial of trials) for (const { step } of trial.epochs) steps.add(step);
  const xs = [...steps].sort((a, b) => a - b);
  const index = new Map(xs.map((x, i) => [x, i]));
  const ys = trials.map((trial) => {
    const values = prepare(trial.epochs.map((epoch) => metric.of(epoch)));
    const row: Value[] = new Array(xs.length).fill(undefined);
    trial.epochs.forEach(({ step }, i) => {
      row[index.get(step)!] = values[i] ?? null;
    });
    return row;
  });
  return { xs, ys, bucket: 1 };
}
