import { FLOAT } from '../native/attributes.ts';
import type { OpLowering } from './op.ts';

/** Adds `bias` [channels] along the last axis. */
export const biasAdd: OpLowering<Record<string, never>> = ({ graph, inputs: [x = ''], weight }) => {
  const bias = weight('bias');
  return {
    output: graph.add('BiasAdd', [x, bias.ref], FLOAT),
    backward(gradient) {
      if (bias.trainable) bias.addGradient(graph.add('BiasAddGrad', [gradient], FLOAT));
      return [gradient];
    },
  };
};
