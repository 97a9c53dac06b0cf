import { describe, expect, it } from 'vitest';
import { chanceOf, skillOf } from './chance.ts';

const task = (classes: number, images: number, largestClass = Math.ceil(images / classes)) => ({
  classes,
  validationSet: { images, largestClass },
});

describe('skillOf', () => {
  it('does not take seven standard deviations above chance for chance', () => {
    // Two classes, 300 images: 0.5 + 3·√(0.25/300) = 0.5866.
    const two = task(2, 300);
    expect(skillOf(0.586, two)).toBe('at chance');
    expect(skillOf(0.587, two)).toBe('above chance');
    expect(skillOf(0.71, two)).toBe('above chance');
    expect(skillOf(0.75, two)).toBe('above chance');
    expect(skillOf(0.751, two)).toBe('learned');
  });

  it("keeps the article's cells at chance: ten classes, 359 images", () => {
    // Of 37 in the commonest class: 0.1031 + 3·√(0.1031·0.8969/359) = 0.1512.
    expect(skillOf(0.1, task(10, 359, 37))).toBe('at chance');
    expect(skillOf(37 / 359, task(10, 359, 37))).toBe('at chance');
    expect(skillOf(0.151, task(10, 359, 37))).toBe('at chance');
    expect(skillOf(0.152, task(10, 359, 37))).toBe('above chance');
  });

  it('sees with many images what few do not show', () => {
    expect(skillOf(0.12, task(10, 100))).toBe('at chance');
    expect(skillOf(0.12, task(10, 10_000))).toBe('above chance');
    expect(skillOf(1, task(2, 4))).toBe('at chance');
  });

  it('measures by the commonest class: to name it always is no skill', () => {
    const skewed = task(2, 1_000, 900);
    expect(chanceOf(skewed)).toBe(0.9);
    expect(skillOf(0.9, skewed)).toBe('at chance');
    // 0.9 + 3·√(0.09/1000) = 0.9285.
    expect(skillOf(0.928, skewed)).toBe('at chance');
    expect(skillOf(0.93, skewed)).toBe('above chance');
    expect(skillOf(0.951, skewed)).toBe('learned');
  });

  it('goes by the number of classes in ledgers that do not say how many images there are', () => {
    const old = { classes: 10, validationSet: null };
    expect(chanceOf(old)).toBe(0.1);
    expect([0.149, 0.151, 0.551].map((accuracy) => skillOf(accuracy, old))).toEqual([
      'at chance',
      'above chance',
      'learned',
    ]);
  });
});
