import { describe, expect, it } from 'vitest';
import { paddingAttributes, paddingName, samePadding } from './padding.ts';

const window = (size: [number, number], kernel: [number, number], strides: [number, number]) => ({
  size,
  kernel,
  strides,
});

describe('samePadding', () => {
  it.each([
    ['odd kernel, stride 1', window([5, 5], [3, 3], [1, 1]), [1, 1, 1, 1]],
    ['even map, stride 2: only behind', window([6, 4], [3, 3], [2, 2]), [0, 1, 0, 1]],
    ['odd map, stride 2: on both sides', window([5, 7], [3, 3], [2, 2]), [1, 1, 1, 1]],
    ['a kernel smaller than the stride', window([6, 6], [1, 1], [2, 2]), [0, 0, 0, 0]],
    ['even kernel', window([4, 4], [2, 4], [1, 1]), [0, 1, 1, 2]],
  ] as const)('%s', (_name, given, wanted) => {
    expect(samePadding(given)).toEqual(wanted);
  });
});

describe('padding by name', () => {
  const even = window([6, 6], [3, 3], [2, 2]);

  it('finds the name of what has one', () => {
    expect(paddingName([0, 0, 0, 0], even)).toBe('VALID');
    expect(paddingName([0, 1, 0, 1], even)).toBe('SAME');
    expect(paddingName([1, 1, 1, 1], even)).toBeUndefined();
  });

  it('gives the numbers of what has none, batch and channels included', () => {
    expect(paddingAttributes([2, 0, 1, 3], even)).toEqual({
      padding: { kind: 'text', value: 'EXPLICIT' },
      explicit_paddings: { kind: 'ints', value: [0, 0, 2, 0, 1, 3, 0, 0] },
    });
  });
});
