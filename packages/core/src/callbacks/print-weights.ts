import { describe, InputError } from '../input-error.ts';
import { formatValues } from '../sweep/format-values.ts';
import { tf } from '../tensorflow.ts';
import type { CallbackState } from '../training/training-callbacks.ts';
import { firstConvolution, layerNamed, layerNames } from '../training/weights.ts';

export interface PrintWeightsOptions {
  /** Name of the layer. @defaultValue the first convolution, or the first layer with weights */
  layer?: string;
  /** How many values, the first in row-major order. @defaultValue 10 */
  count?: number;
  /** Whether an epoch's line shows its first or its last weights. @defaultValue 'epochBegin', as in the article */
  when?: 'epochBegin' | 'epochEnd';
  /** Takes the line. @defaultValue `console.log` */
  log?: (line: string) => void;
}

/**
 * Prints the first values of a kernel once an epoch, as the article does: `Conv1 [ 0.13498078 -0.12406565 …]`. The line of
 * the first epoch at `epochBegin` is the initialization. Reads those values only, not the whole kernel. Where a trial goes on
 * inside an epoch, that epoch's line is not printed again.
 */
export class PrintWeights extends tf.Callback {
  private readonly options: Required<Omit<PrintWeightsOptions, 'layer'>> & Pick<PrintWeightsOptions, 'layer'>;

  constructor(options: PrintWeightsOptions = {}) {
    super();
    this.options = { count: 10, when: 'epochBegin', log: console.log, ...options };
  }

  /** @throws InputError if the model has no such layer, or the layer has no weights. */
  override async onTrainBegin(): Promise<void> {
    this.line();
  }

  /** Nothing to remember; but that there is a state says that the line of an epoch that was begun is printed. */
  getState(): CallbackState {
    return { values: null };
  }

  /** @throws InputError as `onTrainBegin`. */
  async onTrainResume(): Promise<void> {
    this.line();
  }

  override async onEpochBegin(): Promise<void> {
    if (this.options.when === 'epochBegin') this.options.log(this.line());
  }

  override async onEpochEnd(): Promise<void> {
    if (this.options.when === 'epochEnd') this.options.log(this.line());
  }

  private line(): string {
    const { layer: name, count } = this.options;
    const layer = name === undefined ? firstConvolution(this.model) : layerNamed(this.model, name);
    const kernel = layer?.weights[0]?.read();
    if (layer === undefined || kernel === undefined) {
      const want = `the name of a layer with weights: ${layerNames(this.model).join(', ')}`;
      throw new InputError({ path: 'PrintWeights.layer', got: describe(name), want });
    }
    const values = tf.tidy(() => kernel.flatten().slice(0, Math.min(count, kernel.size)).dataSync());
    return `${layer.name} ${formatValues(values)}`;
  }
}
