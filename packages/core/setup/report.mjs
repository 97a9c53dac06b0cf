/**
 * What the person reads: one line a step, and for a failure what happened and what to do about it.
 */

/** A failure that has been understood. Only its message and its advice are shown, never a stack. */
export class SetupError extends Error {
  /**
   * @param {string} message what happened
   * @param {string[]} advice what the person can do, one line each
   */
  constructor(message, advice) {
    super(message);
    this.name = 'SetupError';
    this.advice = advice;
  }
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`set-up: ${line}\n`);
}

/** Runs the whole of a command; whatever goes wrong ends as a message and exit code 1.
 * @param {() => Promise<void>} work
 */
export async function reportFailures(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${failureText(error)}\n`);
    process.exitCode = 1;
  }
}

/** @param {unknown} error */
function failureText(error) {
  const known = error instanceof SetupError;
  const message = error instanceof Error ? error.message : String(error);
  const advice = known ? error.advice : adviceFor(error);
  const lines = [`set-up failed: ${message}`, ...advice.map((line) => `  → ${line}`)];
  if (process.env.L2BN_DEBUG && error instanceof Error && error.stack) lines.push(error.stack);
  return lines.join('\n');
}

/** Advice for a failure that no step foresaw.
 * @param {unknown} error
 */
function adviceFor(error) {
  const code = /** @type {{ code?: string }} */ (error)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return ['The disk is full: free some space and run the same command again.'];
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return ['That path cannot be written: give yourself the right to it, or point L2BN_CACHE at a folder of your own.'];
  return ['Run the same command with L2BN_DEBUG=1 to see where it happened.'];
}
