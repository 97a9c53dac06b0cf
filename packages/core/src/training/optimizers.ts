import { type Tfjs, tf } from '../tensorflow.ts';
import type { OptimizerConfig } from './train-step.ts';

/** What the layers engine needs of an optimizer: tfjs' interface, and a learning rate that may change every step. */
export interface SteppedOptimizer extends Tfjs.Optimizer {
  setLearningRate(learningRate: number): void;
  /** The optimizer's variables by name, one array per variable given; empty where it keeps none. */
  getSlots(variables: readonly VariableShape[]): Record<string, Float32Array[]>;
  setSlots(variables: readonly VariableShape[], slots: Record<string, Float32Array[]>, updates: number): void;
}

/** Name (as gradients are named) and shape of a model's variable. */
export interface VariableShape {
  name: string;
  shape: number[];
}

/**
 * The optimizer of a configuration. Plain SGD is tfjs' own. The others follow their Keras namesakes, which tfjs does not:
 * its momentum multiplies the whole velocity by the present learning rate (Keras: each gradient by its own), and its Adam
 * adds ε to the bias-corrected root (Keras: to the raw one). It has no decoupled decay.
 *
 * @param weightDecay Coefficient 2c of the decay gradient by variable name; used by `sgdw` and `adamw` only.
 */
export function createOptimizer(config: OptimizerConfig, weightDecay: ReadonlyMap<string, number>): SteppedOptimizer {
  switch (config.name) {
    case 'sgd':
      return new Sgd(0);
    case 'momentum':
      return new Momentum(config.momentum, false, new Map());
    case 'nesterov':
      return new Momentum(config.momentum, true, new Map());
    case 'sgdw':
      return new Momentum(config.momentum, false, weightDecay);
    case 'adam':
      return new Adam(new Map());
    case 'adamw':
      return new Adam(weightDecay);
  }
}

/** tfjs' own, which keeps nothing. */
class Sgd extends tf.SGDOptimizer implements SteppedOptimizer {
  getSlots(): Record<string, Float32Array[]> {
    return {};
  }

  setSlots(): void {}
}

/** An optimizer that keeps `slotCount` tensors of a weight's shape, zero at first, beside every weight. */
abstract class SlotOptimizer extends tf.Optimizer implements SteppedOptimizer {
  protected learningRate = 0;
  private readonly slotCount: number;
  private readonly weightDecay: ReadonlyMap<string, number>;
  private readonly slots = new Map<string, Tfjs.Variable[]>();

  constructor(slotCount: number, weightDecay: ReadonlyMap<string, number>) {
    super();
    this.slotCount = slotCount;
    this.weightDecay = weightDecay;
  }

  setLearningRate(learningRate: number): void {
    this.learningRate = learningRate;
  }

  override applyGradients(gradients: Tfjs.NamedTensorMap | { name: string; tensor: Tfjs.Tensor }[]): void {
    const named = Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor] as const)
      : Object.entries(gradients);
    this.incrementIterations();
    for (const [name, gradient] of named) {
      // A variable that the loss does not depend on, or that is frozen, has no gradient.
      if (gradient === null || gradient === undefined) continue;
      const variable = tf.engine().registeredVariables[name]!;
      tf.tidy(() => {
        // Keras decays first, then updates by the gradient taken before the decay.
        const decay = this.weightDecay.get(name) ?? 0;
        const weight = decay === 0 ? variable : variable.mul(1 - this.learningRate * decay);
        variable.assign(this.update(weight, gradient, this.slotsOf(name, variable)));
      });
    }
  }

  /** The new value of one weight; assigns the new slots. */
  protected abstract update(weight: Tfjs.Tensor, gradient: Tfjs.Tensor, slots: Tfjs.Variable[]): Tfjs.Tensor;

  private slotsOf(name: string, variable: Tfjs.Variable): Tfjs.Variable[] {
    let slots = this.slots.get(name);
    if (slots === undefined) {
      slots = Array.from({ length: this.slotCount }, () => tf.variable(tf.zerosLike(variable), false));
      this.slots.set(name, slots);
    }
    return slots;
  }

  getSlots(variables: readonly VariableShape[]): Record<string, Float32Array[]> {
    const values = (name: string, index: number) =>
      (this.slots.get(name)?.[index]?.dataSync() as Float32Array | undefined) ?? new Float32Array();
    return Object.fromEntries(
      Array.from({ length: this.slotCount }, (_, index) => [
        `slot${index}`,
        variables.map(({ name }) => values(name, index)),
      ]),
    );
  }

  setSlots(variables: readonly VariableShape[], saved: Record<string, Float32Array[]>, updates: number): void {
    this.dispose();
    this.iterations_ = updates;
    for (const [position, { name, shape }] of variables.entries()) {
      const arrays = Array.from({ length: this.slotCount }, (_, index) => saved[`slot${index}`]?.[position]);
      if (arrays.some((array) => array === undefined || array.length === 0)) continue;
      const make = (array: Float32Array) => tf.tidy(() => tf.variable(tf.tensor(array, shape), false));
      this.slots.set(name, (arrays as Float32Array[]).map(make));
    }
  }

  override dispose(): void {
    for (const slots of this.slots.values()) for (const slot of slots) slot.dispose();
    this.slots.clear();
  }

  override getConfig(): Tfjs.serialization.ConfigDict {
    return { learningRate: this.learningRate };
  }
}

/** `keras.optimizers.SGD(momentum, nesterov, weight_decay)`: v ← μv − ηg; w ← w + v, or w + μv − ηg with Nesterov. */
class Momentum extends SlotOptimizer {
  static readonly className = 'KerasMomentum';
  private readonly momentum: number;
  private readonly nesterov: boolean;

  constructor(momentum: number, nesterov: boolean, weightDecay: ReadonlyMap<string, number>) {
    super(1, weightDecay);
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  protected override update(weight: Tfjs.Tensor, gradient: Tfjs.Tensor, [velocity]: Tfjs.Variable[]): Tfjs.Tensor {
    const step = gradient.mul(this.learningRate);
    const next = velocity!.mul(this.momentum).sub(step);
    velocity!.assign(next);
    return weight.add(this.nesterov ? next.mul(this.momentum).sub(step) : next);
  }
}

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-7;

/** `keras.optimizers.Adam` and `AdamW` at their defaults: w ← w − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε). */
class Adam extends SlotOptimizer {
  static readonly className = 'KerasAdam';

  constructor(weightDecay: ReadonlyMap<string, number>) {
    super(2, weightDecay);
  }

  protected override update(weight: Tfjs.Tensor, gradient: Tfjs.Tensor, [mean, square]: Tfjs.Variable[]): Tfjs.Tensor {
    const t = this.iterations;
    const rate = (this.learningRate * Math.sqrt(1 - BETA_2 ** t)) / (1 - BETA_1 ** t);
    mean!.assign(mean!.add(gradient.sub(mean!).mul(1 - BETA_1)));
    square!.assign(
      square!.add(
        gradient
          .square()
          .sub(square!)
          .mul(1 - BETA_2),
      ),
    );
    return weight.sub(mean!.mul(rate).div(square!.sqrt().add(EPSILON)));
  }
}
