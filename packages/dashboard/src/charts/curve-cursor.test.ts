import { expect, it } from 'vitest';
import { nearestPoint, walk } from './curve-cursor.ts';

const ys = [
  [1, 2, 3, null],
  [null, null, null, null],
  [5, undefined, 6, 7],
];

it('begins at the latest point of the first curve', () => {
  expect(walk(ys, null, 0, 1)).toEqual({ curve: 0, index: 2 });
});

it('walks along a curve over what is not there, and stops at its ends', () => {
  expect(walk(ys, { curve: 2, index: 0 }, 0, 1)).toEqual({ curve: 2, index: 2 });
  expect(walk(ys, { curve: 2, index: 3 }, 0, 1)).toBeNull();
  expect(walk(ys, { curve: 0, index: 0 }, 0, -1)).toBeNull();
});

it('goes from curve to curve, past empty ones and around', () => {
  expect(walk(ys, { curve: 0, index: 1 }, 1, 0)).toEqual({ curve: 2, index: 0 });
  expect(walk(ys, { curve: 2, index: 3 }, 1, 0)).toEqual({ curve: 0, index: 2 });
  expect(walk(ys, { curve: 0, index: 2 }, -1, 0)).toEqual({ curve: 2, index: 2 });
});

it('goes nowhere where nothing is', () => {
  expect(walk([[null]], null, 0, 1)).toBeNull();
  expect(walk([], null, 1, 0)).toBeNull();
});

it('finds the point that is nearest to a step, past what is not there', () => {
  const set = { xs: [0, 10, 20, 30], ys };
  expect(nearestPoint(set, 2, 11)).toEqual({ curve: 2, index: 2 });
  expect(nearestPoint(set, 0, 14)).toEqual({ curve: 0, index: 1 });
  expect(nearestPoint(set, 0, 99)).toEqual({ curve: 0, index: 2 });
  expect(nearestPoint(set, 1, 10)).toBeNull();
  expect(nearestPoint(set, -1, 10)).toBeNull();
});
