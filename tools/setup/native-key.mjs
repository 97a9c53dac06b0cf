/** Prints what the native part was made of, for nx: tests run again with another libtensorflow or another binding. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

const stamp = join(ROOT, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/l2bn-setup.json');
try {
  const { key, binding, tensorflow } = JSON.parse(readFileSync(stamp, 'utf8'));
  process.stdout.write(`${key} ${binding} ${tensorflow}\n`);
} catch {
  process.stdout.write('not set up\n');
}
