import { type Tfjs, tf } from '../tensorflow.ts';

type DepthwiseArgs = Parameters<typeof tf.layers.depthwiseConv2d>[0];
type Layer = ReturnType<typeof tf.layers.depthwiseConv2d>;
type LayerConfig = ReturnType<Layer['getConfig']>;

const StockDepthwise = tf.layers.depthwiseConv2d({ kernelSize: 1 }).constructor as (new (
  args: DepthwiseArgs,
) => Layer) & { className: string };

/**
 * The stock layer with its `getConfig` mended: tfjs-layers 4.22 writes the regularizer where the constraint belongs
 * (tensorflow/tfjs#8564), and a model that was saved so cannot be loaded, for the "constraint" turns the kernel into a
 * scalar.
 */
class DepthwiseConv2D extends StockDepthwise {
  static override readonly className = StockDepthwise.className;

  override getConfig(): LayerConfig {
    const { depthwiseConstraint } = this as unknown as { depthwiseConstraint: Tfjs.serialization.Serializable | null };
    return {
      ...super.getConfig(),
      depthwiseConstraint:
        depthwiseConstraint === null
          ? null
          : { className: depthwiseConstraint.getClassName(), config: depthwiseConstraint.getConfig() },
    };
  }
}
// In place of the stock class, so that a model that was loaded can be saved again.
tf.serialization.registerClass(DepthwiseConv2D as unknown as Parameters<typeof tf.serialization.registerClass>[0]);

/** `tf.layers.depthwiseConv2d` whose regularizer survives saving and loading. */
export const depthwiseConv2d = (args: DepthwiseArgs): Layer => new DepthwiseConv2D(args);
