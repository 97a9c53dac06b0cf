import { describe, expect, it } from 'vitest';
import { formatValues } from './format-values.ts';

describe('formatValues', () => {
  // Right-hand sides: str(numpy.array(values, numpy.float32)).
  it.each([
    [[0.13498078, -0.12406565, 0.05617869, 0.1112484], '[ 0.13498078 -0.12406565  0.05617869  0.1112484 ]'],
    [[0.00809666, -0.00744193], '[ 0.00809666 -0.00744193]'],
    [[1, 2.5, -3], '[ 1.   2.5 -3. ]'],
    [[0.5, 0, 0.25], '[0.5  0.   0.25]'],
    [[1e-5, 0.1], '[1.e-05 1.e-01]'],
    [[-1e-5, 3e8], '[-1.e-05  3.e+08]'],
    [[123456.789, 1.5], '[1.2345679e+05 1.5000000e+00]'],
    [[0.1, Number.NaN], '[0.1 nan]'],
    [[2e-4, 0.3000001], '[2.000000e-04 3.000001e-01]'],
    [[0, 0], '[0. 0.]'],
    [[Number.POSITIVE_INFINITY, -1], '[inf -1.]'],
    [[1.3498078e-5, -2e-5], '[ 1.3498078e-05 -1.9999999e-05]'],
  ])('%j', (values, expected) => expect(formatValues(Float32Array.from(values))).toBe(expected));
});
