import { describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { openDigits, parseDigits } from './digits.ts';

describe('openDigits', () => {
  it('holds the 1,797 images that scikit-learn ships', async () => {
    const { name, classes, train, test } = await openDigits([8, 8, 1]);
    expect([name, classes.join(), test]).toEqual(['digits', '0,1,2,3,4,5,6,7,8,9', undefined]);
    const perClass = classes.map((_, label) => Array.from(train.labels).filter((value) => value === label).length);
    expect(perClass).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);

    const pixels = new Uint8Array(1797 * 64);
    await train.fill(
      Uint32Array.from({ length: 1797 }, (_, index) => index),
      pixels,
    );
    // load_digits().data.mean() is 4.884164579855314.
    const mean = pixels.reduce((sum, byte) => sum + Math.round((byte * 16) / 255), 0) / pixels.length;
    expect(mean).toBeCloseTo(4.884164579855314, 12);
    // load_digits().images[0][:2]
    const firstRows = [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0];
    expect([...pixels.subarray(0, 16)]).toEqual(firstRows.map((ink) => Math.round((ink * 255) / 16)));
  });

  it('reads any images in any order, resized and in colour', async () => {
    const { train } = await openDigits([8, 8, 1]);
    const small = new Uint8Array(2 * 64);
    await train.fill(Uint32Array.of(1796, 3), small);
    const large = new Uint8Array(16 * 16 * 3);
    await (await openDigits([16, 16, 3])).train.fill(Uint32Array.of(1796), large);
    // Corners are held by the resizing, so they must agree.
    expect([large[0], large[2], large.at(-1)]).toEqual([small[0], small[0], small[63]]);
  });
});

describe('parseDigits', () => {
  const line = (pixel: string, label: string) => `${new Array(64).fill(pixel).join()},${label}\n`;

  it.each([
    ['a pixel above 16', line('17', '3')],
    ['a label above 9', line('16', '10')],
    ['a line cut short', '1,2,3\n'],
  ])('refuses %s and names the line', (_, bad) => {
    expect(() => parseDigits(line('16', '3') + bad + line('0', '1'), 'digits.csv')).toThrow(InputError);
    expect(() => parseDigits(bad, 'digits.csv')).toThrow(
      /digits\.csv: line 1: got .*, want 64 pixels 0…16 and a label 0…9/,
    );
  });
});
