import { describe, expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { representatives, stepShapes } from './step-shapes.ts';

const shapesOf = (axes: object, rest: object = {}) => stepShapes(planOf({ name: 'x', axes: { ...axes }, ...rest }));

describe('stepShapes', () => {
  it('takes λ, learning rate, momentum, seeds and the split for numbers only', () => {
    const [shape, ...others] = shapesOf(
      { l2: [0, 1e-3, 1e-4], learningRate: [0.1, 0.2], 'data.splitSeed': [0, 1], momentum: [0.8, 0.9] },
      { seeds: 2, config: { epochs: 3, optimizer: 'momentum' } },
    );
    expect(others).toEqual([]);
    expect(shape).toMatchObject({ trials: 48, epochs: 144, config: { l2: 1e-3 } });
  });

  it.each([
    { batchNorm: [true, false] },
    { alpha: [0.5, 1] },
    { stemStride: [1, 2] },
    { optimizer: ['sgd', 'adam'] },
    { engine: ['graph', 'layers'] },
    { batchSize: [16, 32] },
    { 'data.imageSize': [16, 32] },
    { 'data.channels': [1, 3] },
    { model: ['smallConvNet', 'mobileNetV2'] },
  ])('tells %j apart', (axes) => expect(shapesOf(axes)).toHaveLength(2));

  it('grows with width, image and batch', () => {
    const sizes = (axes: object) => shapesOf(axes).map((shape) => shape.size / shapesOf({})[0]!.size);
    expect(sizes({ alpha: [1, 2] })).toEqual([1, 4]);
    expect(sizes({ batchSize: [32, 64] })).toEqual([1, 2]);
    expect(sizes({ 'data.imageSize': [32, 96] })).toEqual([1, 9]);
    expect(sizes({ stemStride: [2, 1] })).toEqual([1, 4]);
  });
});

describe('representatives', () => {
  const alphas = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

  it('takes the ends first, then the middle of what is between', () => {
    const chosen = representatives(shapesOf({ alpha: alphas }), 5);
    expect(chosen.map(({ config }) => config.alpha)).toEqual([1, 0.2, 0.6, 0.4, 0.8]);
  });

  it('takes all where there are few', () => {
    const shapes = shapesOf({ alpha: alphas });
    expect(
      representatives(shapes, 20)
        .map(({ key }) => key)
        .sort(),
    ).toEqual(shapes.map(({ key }) => key).sort());
    expect(representatives([], 3)).toEqual([]);
  });

  it('shares the places among kinds, the one with most work first', () => {
    const chosen = representatives(shapesOf({ batchNorm: [true, false], alpha: alphas }), 3);
    expect(chosen.map(({ config: { alpha, batchNorm } }) => [batchNorm, alpha])).toEqual([
      [true, 1],
      [false, 1],
      [true, 0.2],
    ]);
  });
});
