"""Layers of keras.applications.MobileNetV2: name, output shape, parameters, and how many of them are not trained.

Sizes: 96 and 32 have even maps before every stride; 40 has an odd one (5), where Keras pads on all sides.
"""

import keras

import fixture

CASES = [(96, 1.0), (32, 0.35), (40, 1.4)]


def describe(size, alpha):
    model = keras.applications.MobileNetV2(input_shape=(size, size, 3), alpha=alpha, include_top=False, weights=None)
    layers = [
        {
            "name": layer.name,
            "shape": list(layer.output.shape[1:]),
            "params": layer.count_params(),
            "frozen": sum(int(weight.numpy().size) for weight in layer.non_trainable_weights),
        }
        for layer in model.layers
        if not isinstance(layer, keras.layers.InputLayer)
    ]
    return {"imageSize": size, "alpha": alpha, "params": model.count_params(), "layers": layers}


fixture.write("models/fixtures/mobilenet-v2-shapes.json", {"cases": [describe(*case) for case in CASES]})
