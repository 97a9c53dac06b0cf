import { expect, it } from 'vitest';
import { fixedNumber } from './fixed-number.ts';

it.each([
  [1.23456, 4, '1.2346'],
  [-0.5, 3, '-0.500'],
  [999_999.25, 1, '999999.3'],
  [1e6, 3, '1.000e6'],
  [3697719415160.5127, 4, '3.6977e12'],
  [-1e300, 2, '-1.00e300'],
])('writes %d with %d places as %s', (value, places, text) => expect(fixedNumber(value, places)).toBe(text));
