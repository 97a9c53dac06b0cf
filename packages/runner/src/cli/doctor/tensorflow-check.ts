import { formatDuration } from '@l2bn/core/sweep';
import { askHelper } from '../process/helper-process.ts';
import { type CheckResult, result } from './check.ts';
import type { TensorflowAnswer } from './try-tensorflow.ts';

/** Loads TensorFlow in a process of its own, as an engine host does, and trains a step with each engine. */
export async function tensorflowCheck(): Promise<CheckResult> {
  const start = Date.now();
  try {
    const { version } = await askHelper<object, TensorflowAnswer>(new URL('./try-tensorflow.js', import.meta.url), {});
    return result('TensorFlow', `${version}, loaded and trained in ${formatDuration(Date.now() - start)}`);
  } catch (error) {
    return result('TensorFlow', error instanceof Error ? error.message : String(error), {
      status: 'failed',
      advice: 'npm run setup in a clone, npx l2bn-setup in a project of your own',
    });
  }
}
