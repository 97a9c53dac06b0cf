import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { sendError } from './responses.ts';

/**
 * The JSON body of a request, checked; undefined when it is none, and the request is then answered: 415, 413 or 400.
 *
 * @param want What the body should be, for the answer to one that is not.
 */
export async function readJsonBody<const S extends v.GenericSchema>(
  request: IncomingMessage,
  response: ServerResponse,
  schema: S,
  { limit, want }: { limit: number; want: string },
): Promise<v.InferOutput<S> | undefined> {
  // A form of another page can post text/plain without asking, but not JSON.
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    sendError(response, 415, 'want Content-Type: application/json');
    return undefined;
  }
  const body = await readBody(request, limit);
  if (body === null) {
    sendError(response, 413, `want at most ${limit} bytes`);
    return undefined;
  }
  const parsed = v.safeParse(schema, parseJson(body));
  if (!parsed.success) {
    sendError(response, 400, `want ${want}`);
    return undefined;
  }
  return parsed.output;
}

/**
 * The whole body, or null as soon as it is longer than `limit`. What follows is not kept: Node discards it when the
 * response is done, until the request's time is up. Closing the connection instead would reset it, and the client would
 * often see the reset and not the answer.
 */
function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
