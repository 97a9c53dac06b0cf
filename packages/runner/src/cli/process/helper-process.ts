import { fork } from 'node:child_process';
import { ENGINE_ENVIRONMENT } from '../../engine/host-process.ts';

/** How a helper ended that gave no answer. */
export class HelperError extends Error {
  override readonly name = 'HelperError';
}

/** Time that a helper gets from one word to the next, in ms: TensorFlow loads in seconds, a large data set in minutes. */
const TIME_LIMIT_MS = 300_000;
/** How much of its output goes into an error, in characters. */
const TAIL_LENGTH = 2_000;

/** What a helper sends: what it does now, any number of times, then its answer. */
type Message<Answer> = { progress: string } | { answer: Answer };

export interface HelperOptions {
  /** Told what the helper does now. */
  onProgress?: (text: string) => void;
  /** Ends the helper; the promise is then rejected. */
  signal?: AbortSignal;
}

/**
 * Runs a file that needs TensorFlow in a process of its own, in the environment of an engine host, so that nothing that
 * happens in the native library ends this one. The helper answers a request by one message.
 *
 * @throws HelperError when it ends without.
 */
export async function askHelper<Request extends object, Answer>(
  file: URL,
  request: Request,
  { onProgress, signal }: HelperOptions = {},
): Promise<Answer> {
  signal?.throwIfAborted();
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
  const kill = () => child.kill('SIGKILL');
  let isSilent = false;
  const timer = setTimeout(() => {
    isSilent = true;
    kill();
  }, TIME_LIMIT_MS);
  signal?.addEventListener('abort', kill);
  try {
    return await new Promise<Answer>((resolve, reject) => {
      child.on('message', (message: Message<Answer>) => {
        if ('answer' in message) {
          resolve(message.answer);
          return;
        }
        timer.refresh();
        onProgress?.(message.progress);
      });
      // More than one may come: that it cannot be started, then that it cannot be sent to.
      child.on('error', (error) => reject(new HelperError(error.message)));
      // `close`, not `exit`: by then all that it printed has been read.
      child.once('close', (code, signal) => {
        const end = signal === null ? `exit code ${code}` : `signal ${signal}`;
        const how = isSilent ? `it said nothing for ${TIME_LIMIT_MS / 1000} s` : end;
        reject(new HelperError(`${how}${output === '' ? '' : `\n${output.trimEnd()}`}`));
      });
      child.send(request);
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    kill();
  }
}

/** The helper's side: answers the one request, then ends. */
export function answerRequest<Request, Answer extends object>(
  answer: (request: Request, say: (progress: string) => void) => Promise<Answer>,
): void {
  const send = (message: Message<Answer>, sent?: () => void) => process.send?.(message, undefined, undefined, sent);
  // Nobody waits for an answer any more.
  process.once('disconnect', () => process.exit());
  process.once('message', (request) => {
    answer(request as Request, (progress) => send({ progress })).then(
      (message) => send({ answer: message }, () => process.disconnect()),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
