import { expect, it } from 'vitest';
import { acceptsGzip } from './accepts-gzip.ts';

it.each([
  [undefined, false],
  ['', false],
  ['gzip', true],
  ['GZIP', true],
  ['deflate, gzip;q=0.5, br', true],
  ['gzip;q=0', false],
  ['gzip; q=0.0', false],
  ['*', true],
  ['*;q=0', false],
  ['gzip;q=0, *', false],
  ['br', false],
  ['gzip;q=x', false],
])('reads Accept-Encoding %j as %j', (header, accepted) => {
  expect(acceptsGzip(header)).toBe(accepted);
});
