import { type Tfjs, tf } from '../tensorflow.ts';

/** Labels [batch] as float32 [batch, classes]. */
export const oneHot = (labels: Int32Array, classes: number): Tfjs.Tensor =>
  tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), classes).toFloat());

/** Mean softmax cross-entropy in nats; labels one-hot, both [batch, classes]. */
export const crossEntropy = (labels: Tfjs.Tensor, logits: Tfjs.Tensor): Tfjs.Tensor =>
  tf.losses.softmaxCrossEntropy(labels, logits);

/** Number of images whose largest logit is the label's. */
export const correct = (labels: Tfjs.Tensor, logits: Tfjs.Tensor): Tfjs.Tensor =>
  logits.argMax(-1).equal(labels.argMax(-1)).sum();
