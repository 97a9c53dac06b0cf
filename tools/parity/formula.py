"""Numbers that Python and TypeScript make alike to the last bit (packages/core/src/training/fixtures/formula.ts)."""

import math

import numpy as np


def mix(index, salt):
    """Uniform in [0, 1): a bit mixer of 32-bit integers (lowbias32, Chris Wellons) over index + salt."""
    x = (np.asarray(index, np.uint64) + np.uint64(salt)).astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 2**32


def salt_of(name):
    """FNV-1a of the name."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) % 2**32
    return value


def kernel(layer, shape):
    """Initial kernel of a layer: uniform between Glorot's limits."""
    window = math.prod(shape[:-2])
    limit = math.sqrt(6 / (window * shape[-2] + window * shape[-1]))
    return (limit * (2 * mix(np.arange(math.prod(shape)), salt_of(layer)) - 1)).astype(np.float32).reshape(shape)


def batch(step, count, shape, classes):
    """Images, half noise and half a pattern of their class, and labels."""
    size = math.prod(shape)
    labels = (np.arange(count) * 3 + step) % classes
    images = np.stack(
        [
            mix(np.arange(size), salt_of(f"image {step} {i}")) + mix(np.arange(size), salt_of(f"class {label}")) - 1
            for i, label in enumerate(labels)
        ]
    )
    return images.astype(np.float32).reshape((count, *shape)), labels.astype(np.int32)
