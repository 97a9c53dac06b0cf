/**
 * The proof that it works: a process of its own loads tfjs-node, runs ops and compares the result.
 */
import { lastLines, run } from './run.mjs';

/** The two functions are gone from newer Nodes, and tfjs-node 4.22 still calls them. */
const PROGRAM = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const tf = require(process.argv[1]);
const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]]));
const values = [...product.dataSync(), product.sum().dataSync()[0]].join(' ');
const tensorflow = tf.backend().binding.TF_Version;
process.stdout.write('\\n' + JSON.stringify({ values, tensorflow }) + '\\n');
`;
const EXPECTED = '19 22 43 50 134';

/**
 * @param {string} tfjsNode
 * @returns {Promise<{ tensorflow: string } | { fault: string }>}
 */
export async function runAnOp(tfjsNode) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', NODE_NO_WARNINGS: '1' };
  // A loader or a debugger meant for the caller has no business in the check.
  delete env.NODE_OPTIONS;
  const outcome = await run(process.execPath, ['-e', PROGRAM, tfjsNode], { cwd: tfjsNode, env, timeoutMs: 120_000 });
  if (outcome.timedOut) return { fault: 'it did not answer within two minutes' };
  if (outcome.signal === 'SIGILL') return { fault: 'it stopped with SIGILL: the official wheel needs a CPU with AVX' };
  if (outcome.signal) return { fault: `it was ended by ${outcome.signal}` };
  const answer = outcome.code === 0 ? parse(outcome.stdout) : undefined;
  if (answer?.values === EXPECTED) return { tensorflow: answer.tensorflow };
  if (answer) return { fault: `it computed ${answer.values} instead of ${EXPECTED}` };
  return { fault: faultIn(outcome.stderr) };
}

/**
 * @param {string} stdout
 * @returns {{ values: string, tensorflow: string } | undefined}
 */
function parse(stdout) {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}

/** @param {string} stderr */
function faultIn(stderr) {
  return /^(?:\w*Error|error): .*/m.exec(stderr)?.[0] ?? (lastLines(stderr, 1) || 'it printed nothing');
}
