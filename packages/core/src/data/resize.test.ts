import { describe, expect, it } from 'vitest';
import { BilinearResizer } from './resize.ts';

function resize(image: number[], from: [number, number], to: [number, number], channels = 1): number[] {
  const into = new Uint8Array(to[0] * to[1] * channels);
  new BilinearResizer(from, to, channels).resize(Uint8Array.from(image), into, 0);
  return [...into];
}

describe('BilinearResizer', () => {
  it('puts half-pixel centres between their neighbours and holds the edge', () => {
    // Centres of 4 pixels over 2: −0.25, 0.25, 0.75, 1.25.
    expect(resize([0, 100], [1, 2], [1, 4])).toEqual([0, 25, 75, 100]);
    expect(resize([0, 100], [2, 1], [4, 1])).toEqual([0, 25, 75, 100]);
  });

  it('averages the two middle pixels when halving', () => {
    expect(resize([10, 20, 30, 50], [1, 4], [1, 2])).toEqual([15, 40]);
  });

  it('rounds halves up', () => {
    expect(resize([0, 1], [1, 2], [1, 1])).toEqual([1]);
    expect(resize([254, 255], [1, 2], [1, 1])).toEqual([255]);
  });

  it('keeps channels apart', () => {
    expect(resize([0, 200, 7, 100, 0, 7], [1, 2], [1, 4], 3)).toEqual([0, 200, 7, 25, 150, 7, 75, 50, 7, 100, 0, 7]);
  });

  it('gives the same image for the same size', () => {
    const image = Array.from({ length: 5 * 7 * 3 }, (_, index) => (index * 37) % 256);
    expect(resize(image, [5, 7], [5, 7], 3)).toEqual(image);
  });

  it('keeps nothing of the image before', () => {
    const resizer = new BilinearResizer([3, 3], [8, 8], 1);
    const first = new Uint8Array(64);
    const again = new Uint8Array(70);
    const image = Uint8Array.from([0, 50, 100, 150, 200, 250, 30, 60, 90]);
    resizer.resize(image, first, 0);
    resizer.resize(new Uint8Array(9).fill(255), again, 0);
    resizer.resize(image, again, 6);
    expect([...again.subarray(6)]).toEqual([...first]);
    expect([...again.subarray(0, 6)]).toEqual(new Array(6).fill(255));
  });
});
