import { describe, expect, it } from 'vitest';
import { splitImages, stratifiedOrder } from './split.ts';

const sortedLabels = (...sizes: number[]) => sizes.flatMap((size, label) => new Array<number>(size).fill(label));

describe('stratifiedOrder', () => {
  it('is an order of all images', () => {
    const order = stratifiedOrder(sortedLabels(30, 7, 1, 62), 4);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it('makes every beginning a fair sample of the classes', () => {
    const sizes = [50, 30, 20];
    const labels = sortedLabels(...sizes);
    const order = stratifiedOrder(labels, 1);
    for (let length = 1; length <= 100; length++) {
      sizes.forEach((size, label) => {
        const have = order.subarray(0, length).filter((index) => labels[index] === label).length;
        expect(Math.abs(have - (length * size) / 100)).toBeLessThanOrEqual(1.5);
      });
    }
  });

  it('is fixed by the seed and different for another', () => {
    const labels = sortedLabels(20, 20);
    expect(stratifiedOrder(labels, 9)).toEqual(stratifiedOrder(labels, 9));
    expect(stratifiedOrder(labels, 9)).not.toEqual(stratifiedOrder(labels, 10));
  });

  it('shuffles within the classes', () => {
    const order = [...stratifiedOrder(new Array<number>(50).fill(0), 0)];
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
  });
});

describe('splitImages', () => {
  it('holds out the share, each image on one side only', () => {
    const { train, validation } = splitImages(sortedLabels(40, 60), 0.2, 0);
    expect([train.length, validation.length]).toEqual([80, 20]);
    expect(new Set([...train, ...validation]).size).toBe(100);
    expect(validation.filter((index) => index < 40).length).toBe(8);
  });

  it('holds out at least one image and leaves at least one', () => {
    expect(splitImages([0, 1, 0], 0.01, 0).validation.length).toBe(1);
    expect(splitImages([0, 1, 0], 0.99, 0).train.length).toBe(1);
    expect(() => splitImages([0], 0.5, 0)).toThrow(/got 1 images/);
  });

  it('holds out a part of what a larger share does', () => {
    const labels = sortedLabels(33, 44, 55);
    const larger = new Set(splitImages(labels, 0.4, 2).validation);
    expect(splitImages(labels, 0.1, 2).validation.every((index) => larger.has(index))).toBe(true);
  });
});
