import { type Tfjs, tf } from '../tensorflow.ts';

/**
 * The model that tfjs-layers really trains. A `tf.Sequential` hands training to a functional model of the same layers
 * that it holds inside; asked for its losses itself, it has none.
 */
export function innerModel(model: Tfjs.LayersModel): Tfjs.LayersModel {
  if (!(model instanceof tf.Sequential)) return model;
  const holder = model as unknown as { model: Tfjs.LayersModel | null };
  if (holder.model === null || holder.model === undefined) model.build();
  return holder.model ?? model;
}
