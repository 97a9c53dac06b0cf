import type { SweepPlan, TrialConfig } from '@l2bn/core/sweep';
import { canonicalJson } from '../../plan/canonical-json.ts';

/** Trials whose training steps do the same work: λ, learning rate, momentum and seed are only numbers in them. */
export interface StepShape {
  key: string;
  /** That of its largest λ: a penalty of 0 may be left out of the graph. */
  config: TrialConfig;
  /** Trials of this shape. */
  trials: number;
  /** Epochs of all of them. */
  epochs: number;
  /** Shapes of one kind differ in size only. */
  kind: string;
  /** Work of a step, to compare shapes of one kind: width squared × pixels × images. */
  size: number;
}

/** What a step's time depends on; of the data that is the size of an image and the number of classes. */
export function shapeKey(config: TrialConfig): string {
  const { source, path, imageSize, channels, classes } = config.data;
  const data = { source, path, imageSize, channels, classes };
  return canonicalJson([kindOf(config), config.alpha, config.stemStride, config.batchSize, data]);
}

const kindOf = ({ model, batchNorm, engine, optimizer }: TrialConfig): string =>
  canonicalJson([model, batchNorm, engine, optimizer]);

const sizeOf = ({ alpha, stemStride, batchSize, data }: TrialConfig): number =>
  (alpha * (data.imageSize / stemStride)) ** 2 * batchSize;

/** The distinct shapes of a plan, in its order. */
export function stepShapes({ cells, seeds }: SweepPlan): StepShape[] {
  const shapes = new Map<string, StepShape>();
  for (const { config } of cells) {
    const key = shapeKey(config);
    const shape = shapes.get(key) ?? { key, config, trials: 0, epochs: 0, kind: kindOf(config), size: sizeOf(config) };
    shape.trials += seeds.length;
    shape.epochs += seeds.length * config.epochs;
    if (config.l2 > shape.config.l2) shape.config = config;
    shapes.set(key, shape);
  }
  return [...shapes.values()];
}

/**
 * At most `limit` shapes to measure, that the others can be told from: of each kind the largest, then the smallest, then
 * those between. Kinds with most work come first.
 */
export function representatives(shapes: readonly StepShape[], limit: number): StepShape[] {
  const kinds = new Map<string, StepShape[]>();
  for (const shape of shapes) kinds.set(shape.kind, [...(kinds.get(shape.kind) ?? []), shape]);
  const workOf = (kind: StepShape[]) => kind.reduce((sum, { size, epochs }) => sum + size * epochs, 0);
  const queues = [...kinds.values()].sort((a, b) => workOf(b) - workOf(a)).map(bySpread);
  const chosen: StepShape[] = [];
  for (let turn = 0; chosen.length < Math.min(limit, shapes.length); turn++) {
    for (const queue of queues) {
      const next = queue[turn];
      if (next !== undefined && chosen.length < limit) chosen.push(next);
    }
  }
  return chosen;
}

/** Largest, smallest, and then each time the middle of the widest gap between those taken. */
function bySpread(kind: StepShape[]): StepShape[] {
  const rising = [...kind].sort((a, b) => a.size - b.size);
  const order = [rising.length - 1, ...(rising.length > 1 ? [0] : [])];
  const gaps: [number, number][] = [[0, rising.length - 1]];
  for (let gap = gaps.shift(); gap !== undefined; gap = gaps.shift()) {
    const [from, to] = gap;
    if (to - from < 2) continue;
    const middle = (from + to) >> 1;
    order.push(middle);
    gaps.push([from, middle], [middle, to]);
  }
  return order.map((index) => rising[index]!);
}
