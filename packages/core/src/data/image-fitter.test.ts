import { describe, expect, it } from 'vitest';
import { ImageFitter, type ImageShape } from './image-fitter.ts';

function fit(image: number[], from: ImageShape, to: ImageShape): number[] {
  const into = new Uint8Array(to[0] * to[1] * to[2]);
  new ImageFitter(to).fit(Uint8Array.from(image), from, into, 0);
  return [...into];
}

describe('ImageFitter', () => {
  it('copies what fits', () => {
    expect(fit([1, 2, 3, 4], [2, 2, 1], [2, 2, 1])).toEqual([1, 2, 3, 4]);
  });

  it('repeats grey into colour, resized or not', () => {
    expect(fit([9, 40], [1, 2, 1], [1, 2, 3])).toEqual([9, 9, 9, 40, 40, 40]);
    expect(fit([0, 100], [1, 2, 1], [1, 4, 3])).toEqual([0, 0, 0, 25, 25, 25, 75, 75, 75, 100, 100, 100]);
  });

  it('weighs colours by Rec. 601', () => {
    expect(fit([255, 0, 0, 0, 255, 0, 0, 0, 255], [1, 3, 3], [1, 3, 1])).toEqual([76, 150, 29]);
  });

  it('gets every grey back from its colour form', () => {
    const greys = Array.from({ length: 256 }, (_, grey) => grey);
    const colours = greys.flatMap((grey) => [grey, grey, grey]);
    expect(fit(colours, [16, 16, 3], [16, 16, 1])).toEqual(greys);
  });

  it('resizes colour before it weighs it', () => {
    expect(fit([0, 0, 0, 100, 100, 100], [1, 2, 3], [1, 4, 1])).toEqual([0, 25, 75, 100]);
  });

  it('takes images of changing sizes and writes each to its place', () => {
    const fitter = new ImageFitter([1, 4, 1]);
    const into = new Uint8Array(12);
    fitter.fit(Uint8Array.of(0, 100), [1, 2, 1], into, 0);
    fitter.fit(Uint8Array.of(5, 5, 5), [1, 1, 3], into, 4);
    fitter.fit(Uint8Array.of(0, 100), [1, 2, 1], into, 8);
    expect([...into]).toEqual([0, 25, 75, 100, 5, 5, 5, 5, 0, 25, 75, 100]);
  });
});
