"""Keras on TensorFlow, the network of the parity fixtures, no XLA."""

import os
import sys

import keras
import tensorflow as tf

import measure

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "parity"))
import networks  # noqa: E402


def compiled_step(model, optimizer, images, labels):
    """`train_on_batch`, what `fit` runs per batch."""
    entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=optimizer, loss=entropy, jit_compile=False)

    def step():
        # The loss is a running mean over the batches since the last reset.
        model.reset_metrics()
        return float(model.train_on_batch(images, labels))

    return step


def own_step(model, optimizer, images, labels):
    """A `tf.function` of one's own."""

    @tf.function
    def train(images, labels):
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            entropy = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
            loss = entropy + tf.add_n(model.losses)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    return lambda: float(train(images, labels))


task, images, labels = measure.read_task()
keras.utils.set_random_seed(0)
shape = (task["imageSize"], task["imageSize"], 3)
model = networks.mobilenet_v2(shape, task["classes"], True, task["l2"], 1.0)
optimizer = keras.optimizers.SGD(task["learningRate"])
optimizer.build(model.trainable_variables)
penalty = float(tf.add_n(model.losses))
make = {"train_on_batch": compiled_step, "tf.function": own_step}[task["step"]]
measure.run(
    task,
    make(model, optimizer, images, labels),
    parameters=model.count_params(),
    penalty=penalty,
    version=f"Keras {keras.__version__} on TensorFlow {tf.__version__}",
)
