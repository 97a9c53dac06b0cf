import { fork } from 'node:child_process';
import { ENGINE_ENVIRONMENT } from '../engine/host-process.ts';

/** How a helper ended that gave no answer. */
export class HelperError extends Error {
  override readonly name = 'HelperError';
}

/** Time that a helper gets, in ms: TensorFlow loads in seconds, a large data set in minutes. */
const TIME_LIMIT_MS = 300_000;
/** How much of its output goes into an error, in characters. */
const TAIL_LENGTH = 2_000;

/**
 * Runs a file that needs TensorFlow in a process of its own, in the environment of an engine host, so that nothing that
 * happens in the native library ends this one. The helper answers a request by one message.
 *
 * @throws HelperError when it ends without.
 */
export async function askHelper<Request extends object, Answer>(file: URL, request: Request): Promise<Answer> {
  const child = fork(file, {
    env: { ...process.env, ...ENGINE_ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => {
      output = (output + text.toString()).slice(-TAIL_LENGTH);
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT_MS);
  try {
    return await new Promise<Answer>((resolve, reject) => {
      child.once('message', (answer) => resolve(answer as Answer));
      child.once('error', reject);
      // `close`, not `exit`: by then all that it printed has been read.
      child.once('close', (code, signal) => {
        const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
        reject(new HelperError(`${how}${output === '' ? '' : `\n${output.trimEnd()}`}`));
      });
      child.send(request);
    });
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

/** The helper's side: answers the one request, then ends. */
export function answerRequest<Request, Answer extends object>(answer: (request: Request) => Promise<Answer>): void {
  process.once('message', (request) => {
    answer(request as Request).then(
      (message) => process.send?.(message, undefined, undefined, () => process.disconnect()),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
