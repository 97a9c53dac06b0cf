/** Two trials by their seeds. The second fails where it trains, until there is a file `mended` or the module is mended. */
export const FAILING_SWEEP = {
  'failing.yaml': `
name: failing
config: { model: ./net.mjs, epochs: 1, data: { source: digits, imageSize: 8, limit: 96 } }
axes: { learningRate: [0.05] }
seeds: 2
retries: 0
`,
  'net.mjs': `import { existsSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
export const buildModel = ({ tf, inputShape, classes, seed }) => {
  if (seed === 2 && !isMainThread && !existsSync('mended')) throw new Error('not yet');
  return tf.sequential({ layers: [tf.layers.flatten({ inputShape: [...inputShape] }), tf.layers.dense({ units: classes })] });
};
`,
};
