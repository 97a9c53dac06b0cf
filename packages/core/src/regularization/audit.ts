import { describe, InputError, type InputProblem } from '../input-error.ts';
import { type Tfjs, tf } from '../tensorflow.ts';
import { innerModel } from './inner-model.ts';

/** What tfjs-layers keeps a weight in. `read()` gives the layer's own tensor: not to be disposed. */
export type LayerVariable = Tfjs.LayersModel['weights'][number];

/** One variable of a model, and the penalty that training really puts on it. */
export interface AuditRow {
  /** Layer name, such as `block_3_depthwise`. */
  layer: string;
  /** What the layer calls it: `kernel`, `depthwise_kernel`, `bias`, `gamma`, `beta`, `moving_mean`, … */
  kind: string;
  shape: number[];
  /** Whether the optimizer touches it; the penalty of one that it does not touch still counts in the loss. */
  trainable: boolean;
  /** Coefficient of Σ|w|. */
  l1: number;
  /** Coefficient c of Σw², whose gradient is 2c·w. */
  l2: number;
  variable: LayerVariable;
}

/**
 * The penalty on every variable, in layer order, as training computes it, not as the layers were asked for it: tfjs-layers
 * drops a `kernelRegularizer` on a depthwise layer without a word, and counts that of a layer used twice twice.
 *
 * @throws InputError if a loss is not of the form l1·Σ|w| + l2·Σw² of one variable.
 */
export function auditRegularizers(model: Tfjs.LayersModel): AuditRow[] {
  const received = new Map<LayerVariable, Coefficients>();
  for (const { variable, l1, l2 } of declaredPenalties(model) ?? measuredPenalties(model)) {
    const before = received.get(variable) ?? { l1: 0, l2: 0 };
    received.set(variable, { l1: before.l1 + l1, l2: before.l2 + l2 });
  }
  return variablesOf(model).map((row) => ({ ...row, ...(received.get(row.variable) ?? { l1: 0, l2: 0 }) }));
}

/** The penalty at the present weights: the sum that training adds to the cross-entropy. */
export function penalty(model: Tfjs.LayersModel): number {
  return tf.tidy(() =>
    innerModel(model)
      .calculateLosses()
      .reduce((sum, loss) => sum + loss.dataSync()[0]!, 0),
  );
}

/** Problems with a model that is to be trained at λ = `l2`: that λ reaches nothing. Empty when all is well. */
export function regularizerProblems(model: Tfjs.LayersModel, l2: number): InputProblem[] {
  if (l2 === 0 || auditRegularizers(model).some((row) => row.trainable && row.l2 > 0)) return [];
  return [
    {
      path: 'l2',
      got: `${describe(l2)}, but the model puts no l2 penalty on any variable`,
      want: 'l2: 0, or layers with kernelRegularizer (depthwiseRegularizer for depthwise ones): tf.regularizers.l2({ l2 })',
    },
  ];
}

interface Coefficients {
  l1: number;
  l2: number;
}
type Received = Coefficients & { variable: LayerVariable };
interface Reading {
  variable: LayerVariable;
  loss: number;
}

/**
 * The coefficients by one probe: at a weight of 2, which of the regularizers that the layers hold gives this loss?
 * Undefined if that does not tell for some term.
 */
function declaredPenalties(model: Tfjs.LayersModel): Received[] | undefined {
  const declared = declaredCoefficients(model);
  const penalties = probe(model, 2).map(({ variable, loss }) => {
    const [match, ...others] = declared.filter(({ l1, l2 }) => near(2 * l1 + 4 * l2, loss));
    return match === undefined || others.length > 0 ? undefined : { variable, ...match };
  });
  return penalties.every((penalty) => penalty !== undefined) ? penalties : undefined;
}

/** The coefficients from the losses at three weights, as exactly as float32 gives them. */
function measuredPenalties(model: Tfjs.LayersModel): Received[] {
  const [one, two, three] = [1, 2, 3].map((value) => probe(model, value)) as [Reading[], Reading[], Reading[]];
  return one.map(({ variable, loss }, i) => {
    const l2 = (three[i]!.loss - 3 * loss) / 6;
    const l1 = loss - l2;
    if (!near(2 * l1 + 4 * l2, two[i]!.loss)) throw notL1L2(variable.originalName);
    return { variable, l1, l2 };
  });
}

/**
 * The loss terms with every weight standing in as the one number `value`, and whose weight each term read. The closures
 * that tfjs-layers makes in `addWeight` hide both regularizer and weight; what they read gives the weight away.
 */
function probe(model: Tfjs.LayersModel, value: number): Reading[] {
  const reads: LayerVariable[] = [];
  const losses = tf.tidy(() => {
    const standIn = tf.tensor1d([value]) as unknown as ReturnType<LayerVariable['read']>;
    try {
      for (const variable of model.weights) {
        variable.read = () => {
          reads.push(variable);
          return standIn;
        };
      }
      const terms = innerModel(model).calculateLosses();
      return terms.length === 0 ? [] : Array.from(tf.stack(terms).dataSync<'float32'>());
    } finally {
      for (const variable of model.weights) Reflect.deleteProperty(variable, 'read');
    }
  });
  if (losses.length !== reads.length) throw notL1L2(`one of ${losses.length} losses`);
  return losses.map((loss, i) => ({ variable: reads[i]!, loss }));
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-5 * Math.abs(b);

const notL1L2 = (place: string): InputError =>
  new InputError({
    path: 'model',
    got: `a penalty on ${place} of another form`,
    want: 'l1·Σ|w| + l2·Σw² of one variable',
  });

type LayerLike = Tfjs.LayersModel['layers'][number];

function variablesOf(model: Tfjs.LayersModel): Omit<AuditRow, 'l1' | 'l2'>[] {
  const seen = new Set<LayerVariable>();
  return flatten(model.layers).flatMap((layer) =>
    layer.weights
      .filter((variable) => !seen.has(variable) && seen.add(variable))
      .map((variable) => ({
        layer: layer.name,
        kind: variable.originalName.split('/').at(-1)!,
        shape: variable.shape.map((size) => size ?? 0),
        trainable: variable.trainable,
        variable,
      })),
  );
}

/** Layers with those of nested models in place of the model. */
const flatten = (layers: LayerLike[]): LayerLike[] =>
  layers.flatMap((layer) => (layer instanceof tf.LayersModel ? flatten(layer.layers) : [layer]));

/** The coefficients of every regularizer object that a layer of the model holds, each pair once. */
function declaredCoefficients(model: Tfjs.LayersModel): Coefficients[] {
  const isCoefficients = (value: unknown): value is Coefficients =>
    value instanceof tf.serialization.Serializable && 'l1' in value && 'l2' in value;
  const all = flatten(model.layers).flatMap((layer) => Object.values(layer).filter(isCoefficients));
  return [...new Map(all.map(({ l1, l2 }) => [`${l1} ${l2}`, { l1, l2 }])).values()];
}
