import { eachPart, type ShapeCost } from './shape-cost.ts';
import type { StepShape } from './step-shapes.ts';

/** A shape that was measured. */
export interface MeasuredShape {
  shape: StepShape;
  cost: ShapeCost;
}

/**
 * What a shape costs: as measured, else by the measured ones of its kind. Between two of them on the line through both — a
 * step takes a fixed time and one that grows with its size — and beyond the last as much more as it is larger. Of a kind
 * that was not measured, by the nearest in size of any kind. Undefined where nothing was measured.
 */
export function costOf(shape: StepShape, measured: readonly MeasuredShape[]): ShapeCost | undefined {
  const own = measured.find((other) => other.shape.key === shape.key);
  if (own !== undefined) return own.cost;
  const kin = measured.filter((other) => other.shape.kind === shape.kind).sort((a, b) => a.shape.size - b.shape.size);
  if (kin.length === 0) {
    const nearest = nearestOf(shape, measured);
    return nearest === undefined ? undefined : scaled(nearest, shape.size);
  }
  const above = kin.find((other) => other.shape.size >= shape.size);
  const below = kin.findLast((other) => other.shape.size <= shape.size);
  if (above === undefined || below === undefined) return scaled((above ?? below)!, shape.size);
  const span = above.shape.size - below.shape.size;
  const share = span === 0 ? 0 : (shape.size - below.shape.size) / span;
  return eachPart((part) => below.cost[part] + share * (above.cost[part] - below.cost[part]));
}

function nearestOf({ size }: StepShape, measured: readonly MeasuredShape[]): MeasuredShape | undefined {
  const distance = (other: MeasuredShape) => Math.abs(Math.log(other.shape.size / size));
  return [...measured].sort((a, b) => distance(a) - distance(b))[0];
}

/** Setting up does not grow with the images. */
const scaled = ({ shape, cost }: MeasuredShape, size: number): ShapeCost => ({
  ...cost,
  step: (cost.step * size) / shape.size,
  evaluate: (cost.evaluate * size) / shape.size,
});
