/**
 * The one file that imports tfjs-node. Everything else imports `tf` from here, because tfjs-node 4.22 calls
 * `util.isNullOrUndefined` and `util.isArray`, which Node 23 removed (tensorflow/tfjs#8609), and each thread has a
 * `util` of its own: the functions must be back before the first load of tfjs-node in that thread.
 */
import { createRequire } from 'node:module';
import type * as Tfjs from '@tensorflow/tfjs-node';

const require = createRequire(import.meta.url);
const util = require('node:util') as { isNullOrUndefined?: unknown; isArray?: unknown };
util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
util.isArray ??= Array.isArray;

// Its notes on how it was compiled are for those who compile it. Has no effect in a worker, whose environment is a copy.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';

// `require`, not `import`: an import would be hoisted above the two lines it depends on.
export const tf = require('@tensorflow/tfjs-node') as typeof Tfjs;
export type { Tfjs };

/** Version of the libtensorflow that the binding is linked to, such as `2.21.0`. */
export function tensorflowVersion(): string {
  // tfjs-node's own `tf.version` names the JavaScript packages only.
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  return binding.TF_Version;
}
