import { expect, it } from 'vitest';

it('draws curves in a browser whose language is no language tag', async () => {
  Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true });
  expect(() => new Intl.NumberFormat(navigator.language)).toThrow(RangeError);
  const { CurvePlot } = await import('./curve-plot.ts');
  expect(CurvePlot).toBeTypeOf('function');
});
