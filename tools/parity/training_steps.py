"""Training steps of Keras: cross-entropy, penalty and hits of every step, how far the first step moved each
variable, sums and norms of some variables at the end.

Initial weights and batches come from formula.py, so the fixture holds results only. Every run is made twice, the second
time with each initial kernel value off by up to 1e-6 of itself: `spread` says how far that carries the results. Two
right implementations differ by float32 rounding, and nothing that rounds differently can be held to less than that.
MobileNetV2 with BatchNorm carries it far: its last third normalizes over the batch alone, 24-fold in the first forward
pass, so after a few steps two equal runs are two different runs, and there are only three.
"""

import keras
import numpy as np
import tensorflow as tf

import fixture
import formula
import networks

# The learning rate drops to a tenth after half of the steps.
SMALL = {"model": "smallConvNet", "shape": [16, 16, 1], "classes": 4, "count": 8, "steps": 20}
MOBILE = {"model": "mobileNetV2", "alpha": 0.35, "shape": [32, 32, 3], "classes": 10, "count": 16, "steps": 20}
RUNS = [
    {**SMALL, "optimizer": "sgd", "learningRate": 0.05, "batchNorm": True, "l2": 0.0},
    {**SMALL, "optimizer": "sgd", "learningRate": 0.05, "batchNorm": False, "l2": 1e-2},
    {**SMALL, "optimizer": "sgd", "learningRate": 0.05, "batchNorm": True, "l2": 1e-2},
    {**SMALL, "optimizer": "momentum", "learningRate": 0.02, "batchNorm": True, "l2": 1e-2},
    {**SMALL, "optimizer": "nesterov", "learningRate": 0.02, "batchNorm": True, "l2": 1e-2},
    {**SMALL, "optimizer": "sgdw", "learningRate": 0.02, "batchNorm": True, "l2": 1e-2},
    {**SMALL, "optimizer": "adam", "learningRate": 2e-3, "batchNorm": True, "l2": 1e-2},
    {**SMALL, "optimizer": "adamw", "learningRate": 2e-3, "batchNorm": True, "l2": 1e-2},
    {**MOBILE, "optimizer": "sgd", "learningRate": 0.01, "batchNorm": True, "l2": 0.0, "steps": 3},
    {**MOBILE, "optimizer": "sgd", "learningRate": 0.01, "batchNorm": True, "l2": 1e-3, "steps": 3},
    {**MOBILE, "optimizer": "sgd", "learningRate": 0.1, "batchNorm": False, "l2": 0.0},
    {**MOBILE, "optimizer": "sgd", "learningRate": 0.1, "batchNorm": False, "l2": 1e-3},
]
WATCHED = {
    "Conv1",
    "bn_Conv1",
    "block_1_depthwise",
    "block_6_expand",
    "block_13_depthwise",
    "block_13_depthwise_BN",
    "Conv_1",
    "predictions",
}
MOMENTUM = 0.9


def build(run):
    options = (run["shape"], run["classes"], run["batchNorm"], run["l2"])
    if run["model"] == "smallConvNet":
        return networks.small_conv_net(*options)
    return networks.mobilenet_v2(*options, run["alpha"])


def make_optimizer(run, model):
    rate, name = run["learningRate"], run["optimizer"]
    decay = {"weight_decay": 2 * run["l2"]} if name in ("sgdw", "adamw") else {}
    if name in ("adam", "adamw"):
        optimizer = (keras.optimizers.AdamW if decay else keras.optimizers.Adam)(rate, **decay)
    else:
        momentum = 0.0 if name == "sgd" else MOMENTUM
        optimizer = keras.optimizers.SGD(rate, momentum=momentum, nesterov=name == "nesterov", **decay)
    if decay:
        optimizer.exclude_from_weight_decay(var_list=[v for v in model.trainable_variables if v.name in ("gamma", "beta")])
    optimizer.build(model.trainable_variables)
    return optimizer


def set_weights(model, disturbance):
    for layer in model.layers:
        for variable in layer.weights:
            if variable.name != "kernel":
                continue
            values = formula.kernel(layer.name, tuple(variable.shape))
            noise = 2 * formula.mix(np.arange(values.size), 1).reshape(values.shape) - 1
            variable.assign((values * (1 + disturbance * noise)).astype(np.float32))


def train(run, disturbance=0.0):
    keras.utils.clear_session()
    model = build(run)
    set_weights(model, disturbance)
    optimizer = make_optimizer(run, model)
    decoupled = run["optimizer"] in ("sgdw", "adamw")

    @tf.function
    def step(images, labels):
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            entropy = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
            penalty = tf.add_n(model.losses) if model.losses else tf.zeros([])
            loss = entropy if decoupled else entropy + penalty
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        hits = tf.reduce_sum(tf.cast(tf.equal(tf.argmax(logits, -1, tf.int32), labels), tf.int32))
        return entropy, penalty, hits

    history = {"crossEntropy": [], "penalty": [], "correct": []}
    before = variables(model)
    first_step = None
    for index in range(run["steps"]):
        optimizer.learning_rate = run["learningRate"] * (0.1 if index >= run["steps"] // 2 else 1)
        results = step(*formula.batch(index, run["count"], run["shape"], run["classes"]))
        for name, value in zip(history, results):
            history[name].append(value.numpy().item())
        if index == 0:
            first_step = {name: values - before[name] for name, values in variables(model).items()}
    images, labels = formula.batch(run["steps"], run["count"], run["shape"], run["classes"])
    logits = model(images, training=False)
    validation = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)).numpy().item()
    watched = {
        name: values
        for name, values in variables(model).items()
        if run["model"] != "mobileNetV2" or name.split("/")[0] in WATCHED
    }
    return {**history, "validation": validation, "firstStep": first_step, "weights": watched}


def variables(model):
    """Values by the name that tfjs gives the variable."""
    depthwise = keras.layers.DepthwiseConv2D
    return {
        f"{layer.name}/{'depthwise_kernel' if isinstance(layer, depthwise) else variable.name}": variable.numpy().astype(
            np.float64
        )
        for layer in model.layers
        for variable in layer.weights
    }


def norm(values):
    return float(np.sqrt(np.square(values).sum()))


def spread(exact, disturbed):
    """How far a disturbance of 1e-6 carried: metrics step by step, the end validation, ‖difference‖ of each variable."""
    apart = lambda name: np.abs(np.subtract(exact[name], disturbed[name])).tolist()
    distances = lambda name: {key: norm(values - disturbed[name][key]) for key, values in exact[name].items()}
    return {
        "crossEntropy": apart("crossEntropy"),
        "penalty": apart("penalty"),
        "validation": apart("validation"),
        "firstStep": distances("firstStep"),
        "weights": distances("weights"),
    }


def fixture_of(run):
    print(run, flush=True)
    exact = train(run)
    apart = spread(exact, train(run, 1e-6))
    exact["firstStep"] = {name: norm(move) for name, move in exact["firstStep"].items()}
    exact["weights"] = {name: [float(values.sum()), norm(values)] for name, values in exact["weights"].items()}
    return {**run, "momentum": MOMENTUM, **exact, "spread": apart}


fixture.write(
    "training/fixtures/training-steps.json",
    {"runs": [fixture_of(run) for run in RUNS]},
)
