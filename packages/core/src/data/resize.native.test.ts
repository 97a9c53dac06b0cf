import { describe, expect, it } from 'vitest';
import { tf } from '../tensorflow.ts';
import { Random } from './random.ts';
import { BilinearResizer } from './resize.ts';

describe('BilinearResizer against tf.image.resizeBilinear with half-pixel centres', () => {
  it.each([
    { from: [8, 8], to: [32, 32], channels: 1 },
    { from: [28, 28], to: [32, 32], channels: 1 },
    { from: [32, 32], to: [96, 96], channels: 3 },
    { from: [33, 50], to: [32, 32], channels: 3 },
    { from: [200, 17], to: [24, 24], channels: 3 },
    { from: [1, 1], to: [8, 8], channels: 3 },
  ] as const)('$from to $to', ({ from, to, channels }) => {
    const random = new Random(3);
    const image = Uint8Array.from({ length: from[0] * from[1] * channels }, () => random.below(256));
    const ours = new Uint8Array(to[0] * to[1] * channels);
    new BilinearResizer([...from], [...to], channels).resize(image, ours, 0);
    const theirs = tf.tidy(() =>
      tf.image.resizeBilinear(tf.tensor3d(image, [...from, channels], 'int32'), [...to], false, true).dataSync(),
    );
    // Their float32 positions put a value at most a few thousandths off; ours is the byte nearest to the exact one.
    const furthest = ours.reduce((most, byte, index) => Math.max(most, Math.abs(byte - (theirs[index] as number))), 0);
    expect(furthest).toBeLessThan(0.51);
  });
});
