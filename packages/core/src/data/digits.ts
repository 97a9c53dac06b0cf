import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { InputError } from '../input-error.ts';
import type { ImageShape } from './image-fitter.ts';
import { partInMemory, type Source } from './source.ts';

// Two folders up from src/data and from dist/data alike.
const FILE = fileURLToPath(new URL('../../data/digits.csv.gz', import.meta.url));
const SIDE = 8;
const PIXELS = SIDE * SIDE;
const DARKEST = 16;

/**
 * The digits embedded in the package: 1,797 real handwritten digits of 8×8 pixels, about 180 of each class, without a test
 * part of their own. Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, 1998, CC BY 4.0; see
 * `data/README.md` of the package.
 */
export async function openDigits(shape: ImageShape): Promise<Source> {
  const text = (await promisify(gunzip)(await readFile(FILE))).toString('latin1');
  const { pixels, labels } = parseDigits(text, FILE);
  const read = (index: number) => pixels.subarray(index * PIXELS, (index + 1) * PIXELS);
  return {
    name: 'digits',
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
    train: partInMemory(labels, read, [SIDE, SIDE, 1], shape),
  };
}

/** Pixels scaled from 0…16 to 0…255, and labels. */
export function parseDigits(text: string, file: string): { pixels: Uint8Array; labels: Uint8Array } {
  const lines = text.trimEnd().split('\n');
  const pixels = new Uint8Array(lines.length * PIXELS);
  const labels = new Uint8Array(lines.length);
  lines.forEach((line, index) => {
    const values = line.split(',').map(Number);
    const label = values.pop();
    const sound =
      values.length === PIXELS &&
      values.every((value) => Number.isInteger(value) && value >= 0 && value <= DARKEST) &&
      Number.isInteger(label) &&
      (label as number) >= 0 &&
      (label as number) <= 9;
    if (!sound) {
      const want = `${PIXELS} pixels 0…${DARKEST} and a label 0…9`;
      throw new InputError({ file, path: `line ${index + 1}`, got: JSON.stringify(line.slice(0, 40)), want });
    }
    labels[index] = label as number;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      pixels[index * PIXELS + pixel] = Math.round(((values[pixel] as number) * 255) / DARKEST);
    }
  });
  return { pixels, labels };
}
