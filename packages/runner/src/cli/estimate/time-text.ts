import { formatDuration } from '@l2bn/core/sweep';
import type { PlanTime, TimedShape } from './plan-time.ts';

/** Share of the cores in use by others from which on a measurement is called disturbed. */
const BUSY = 0.5;

/** `about 4 min 10 s on 2 workers (measured here: 21 ms a step with BN, 14 ms without)`, and what makes it less sure. */
export function timeTexts({ total, workers, load, cores, isUpperBound, shapes }: PlanTime): string[] {
  const measured = shapes.filter((shape) => shape.measured);
  const rest = shapes.length - measured.length;
  const about = `${isUpperBound ? 'at most ' : ''}about ${formatDuration(total)}`;
  const on = `on ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  return [
    `${about} ${on} (measured here: ${stepTimes(measured)})`,
    ...(isUpperBound ? ['less where pruning or patience ends a trial early'] : []),
    ...(rest === 0 ? [] : [`${measured.length} of ${shapes.length} kinds of step were measured, the others estimated`]),
    ...(load < BUSY * cores
      ? []
      : [`other programs keep this machine busy (load ${load.toFixed(1)} on ${cores} cores)`]),
  ];
}
function stepTimes(shapes: readonly TimedShape[]): string {
  const range = (batchNorm: boolean) => {
    const steps = shapes.filter(({ config }) => config.batchNorm === batchNorm).map(({ step }) => step);
    return steps.length === 0 ? undefined : rangeText(Math.min(...steps), Math.max(...steps));
  };
  const [withNorm, without] = [range(true), range(false)];
  if (withNorm === undefined) return `${without} a step without BN`;
  return `${withNorm} a step with BN${without === undefined ? '' : `, ${without} without`}`;
}

function rangeText(least: number, most: number): string {
  const [from, to] = [formatStep(least), formatStep(most)];
  return from === to ? to : `${from} to ${to}`;
}

/** `0.84 ms`, `8.2 ms`, `21 ms`, `1.2 s`. */
function formatStep(milliseconds: number): string {
  const [value, unit] = milliseconds < 999.5 ? [milliseconds, 'ms'] : [milliseconds / 1000, 's'];
  return `${value < 100 ? Number(value.toPrecision(2)) : Math.round(value)} ${unit}`;
}
