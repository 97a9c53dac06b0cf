"""The networks of packages/core/src/models in Keras, layer by layer and name by name."""

import keras
from keras import layers

STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


def make_divisible(channels, divisor=8):
    rounded = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * channels else rounded


class Factory:
    def __init__(self, batch_norm, l2):
        self.batch_norm = batch_norm
        self.l2 = l2

    def penalty(self):
        return keras.regularizers.L2(self.l2) if self.l2 > 0 else None

    def conv(self, x, name, filters, size, strides=1):
        return layers.Conv2D(
            filters, size, strides, padding="same", use_bias=False, kernel_regularizer=self.penalty(), name=name
        )(x)

    def depthwise(self, x, name, strides, padding):
        return layers.DepthwiseConv2D(
            3, strides, padding=padding, use_bias=False, depthwise_regularizer=self.penalty(), name=name
        )(x)

    def norm(self, x, name):
        return layers.BatchNormalization(name=name)(x) if self.batch_norm else x

    def head(self, x, classes):
        x = layers.GlobalAveragePooling2D()(x)
        return layers.Dense(
            classes, kernel_regularizer=self.penalty(), bias_regularizer=self.penalty(), name="predictions"
        )(x)


def small_conv_net(shape, classes, batch_norm, l2):
    make = Factory(batch_norm, l2)
    x = inputs = keras.Input(shape)
    for i, filters in enumerate((16, 32, 48)):
        x = make.conv(x, f"conv_{i + 1}", filters, 3, 2)
        x = layers.ReLU(name=f"relu_{i + 1}")(make.norm(x, f"bn_{i + 1}"))
    return keras.Model(inputs, make.head(x, classes))


def mobilenet_v2(shape, classes, batch_norm, l2, alpha):
    make = Factory(batch_norm, l2)
    inputs = keras.Input(shape)
    relu6 = lambda x, name: layers.ReLU(max_value=6, name=name)(x)
    x = relu6(make.norm(make.conv(inputs, "Conv1", make_divisible(32 * alpha), 3, 2), "bn_Conv1"), "Conv1_relu")
    block = 0
    for expansion, channels, repeats, first_stride in STAGES:
        filters = make_divisible(int(channels * alpha))
        for repeat in range(repeats):
            stride = first_stride if repeat == 0 else 1
            prefix = f"block_{block}_" if block else "expanded_conv_"
            start, width = x, x.shape[-1]
            if expansion > 1:
                x = make.conv(x, f"{prefix}expand", expansion * width, 1)
                x = relu6(make.norm(x, f"{prefix}expand_BN"), f"{prefix}expand_relu")
            if stride == 2:
                x = layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"{prefix}pad")(x)
            x = make.depthwise(x, f"{prefix}depthwise", stride, "valid" if stride == 2 else "same")
            x = relu6(make.norm(x, f"{prefix}depthwise_BN"), f"{prefix}depthwise_relu")
            x = make.norm(make.conv(x, f"{prefix}project", filters, 1), f"{prefix}project_BN")
            if stride == 1 and width == filters:
                x = layers.Add(name=f"{prefix}add")([start, x])
            block += 1
    x = relu6(make.norm(make.conv(x, "Conv_1", 1280, 1), "Conv_1_bn"), "out_relu")
    return keras.Model(inputs, make.head(x, classes))
