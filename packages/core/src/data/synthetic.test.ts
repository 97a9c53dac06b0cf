import { describe, expect, it } from 'vitest';
import type { ImageShape } from './image-fitter.ts';
import { openSynthetic } from './synthetic.ts';

async function draw(shape: ImageShape, classes: number, indices: number[]): Promise<Uint8Array> {
  const pixels = new Uint8Array(indices.length * shape[0] * shape[1] * shape[2]);
  await openSynthetic(shape, classes, 1_000).train.fill(Uint32Array.from(indices), pixels);
  return pixels;
}

describe('openSynthetic', () => {
  it('labels its images round the classes', () => {
    const { name, classes, train, test } = openSynthetic([8, 8, 1], 3, 7);
    expect([name, classes.length, test]).toEqual(['synthetic', 3, undefined]);
    expect([...Array.from(train.labels)]).toEqual([0, 1, 2, 0, 1, 2, 0]);
    expect(openSynthetic([8, 8, 1]).train.labels.length).toBe(2_000);
  });

  it('draws an image by its number alone', async () => {
    const shape = [16, 12, 3] as const;
    const bytes = 16 * 12 * 3;
    const both = await draw(shape, 4, [41, 6]);
    expect(both.subarray(bytes)).toEqual(await draw(shape, 4, [6]));
    expect(both.subarray(0, bytes)).toEqual(await draw(shape, 4, [41]));
    expect(both.subarray(0, bytes)).not.toEqual(await draw(shape, 4, [45]));
  });

  it('spreads its noise evenly round the pattern', async () => {
    // 400 images of one class: moves and noise average out to the pattern around mid-grey, at half its contrast.
    const pixels = await draw(
      [16, 16, 1],
      2,
      Array.from({ length: 400 }, (_, index) => 2 * index),
    );
    const mean = pixels.reduce((sum, byte) => sum + byte, 0) / pixels.length;
    const deviation = Math.sqrt(pixels.reduce((sum, byte) => sum + (byte - mean) ** 2, 0) / pixels.length);
    expect(Math.abs(mean - 128)).toBeLessThan(30);
    expect(deviation).toBeGreaterThan(37);
    expect(deviation).toBeLessThan(60);
  });
});
