/**
 * A contestant's end of the protocol: a line of JSON when ready; for the line on stdin, the run and a line with its
 * result. The process stays until its stdin ends, so that its processor time can be read.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** @param {unknown} message */
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** What the process is told on its command line. @returns {any} */
export const readTask = () => JSON.parse(process.argv[2] ?? '{}');

/**
 * @param {string} version
 * @param {() => Promise<object>} run
 */
export async function takePart(version, run) {
  const lines = createInterface({ input: process.stdin });
  const ended = once(lines, 'close');
  say({ version });
  await once(lines, 'line');
  say(await run());
  await ended;
  process.exit();
}
