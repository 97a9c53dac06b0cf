import { checkDataConfig, checkModelReference } from '@l2bn/core/preflight';
import { InputError } from '@l2bn/core/sweep';
import type { LoadedSweep } from './build-plan.ts';
import { distinctData } from './distinct-data.ts';
import { placedError } from './placed-problems.ts';

/**
 * What a sweep needs and can be checked without TensorFlow: models that exist, data that is there. Throws `InputError`, so
 * that a sweep that cannot run starts nothing.
 */
export async function preflight(loaded: LoadedSweep, baseDirectory: string): Promise<void> {
  try {
    await check(loaded, baseDirectory);
  } catch (error) {
    throw placedError(error, loaded.place);
  }
}

async function check({ file, plan }: LoadedSweep, baseDirectory: string): Promise<void> {
  for (const model of new Set(plan.cells.map(({ config }) => config.model))) {
    try {
      checkModelReference(model, baseDirectory);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(...error.problems.map((problem) => ({ file, ...problem, path: 'config.model' })));
    }
  }
  for (const data of distinctData(plan)) await checkDataConfig(data, { baseDirectory, file, path: 'config.data' });
}
