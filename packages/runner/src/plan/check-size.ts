import { InputError } from '@l2bn/core/sweep';
import { formatPath } from './format-path.ts';
import type { DocumentPath, SourceText } from './source-text.ts';
import type { AxisDefinition, SweepFile } from './sweep-file.ts';

/** Most combinations of all axes, samples and seeds, exclusions included. */
const MAX_TRIALS = 100_000;

interface Size {
  path: DocumentPath;
  key: string;
  size: number;
}

/**
 * Refuses a sweep too large to be spelled out: a zero too many must not take all the memory of the machine. To be asked
 * before anything is.
 *
 * @throws InputError at the largest factor.
 */
export function checkSize({ axes = {}, samples, seeds }: SweepFile, source: SourceText): void {
  const sizes: Size[] = Object.entries(axes).map(([key, axis]) => ({ path: ['axes', key], key, size: sizeOf(axis) }));
  if (samples !== undefined) sizes.push({ path: ['samples', 'count'], key: 'samples', size: samples.count });
  sizes.push({ path: ['seeds'], key: 'seeds', size: typeof seeds === 'number' ? seeds : seeds.length });
  const combined = sizes.reduce((product, { size }) => product * size, 1);
  if (combined <= MAX_TRIALS) return;
  const { path } = sizes.reduce((largest, size) => (size.size > largest.size ? size : largest));
  const got = `${sizes.map(({ key, size }) => `${key} ${size}`).join(' × ')}, ${combined} trials`;
  throw new InputError({
    file: source.locate(path),
    path: formatPath(path),
    got,
    want: `at most ${MAX_TRIALS} trials`,
  });
}

function sizeOf(axis: AxisDefinition): number {
  if (axis === 'boolean') return 2;
  if (Array.isArray(axis)) return axis.length;
  if ('values' in axis) return axis.values.length;
  const zero = 'zero' in axis && axis.zero ? 1 : 0;
  return zero + ('points' in axis ? axis.points : axis.samples);
}
