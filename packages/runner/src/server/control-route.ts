import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Control, ControlCommandSchema } from '@l2bn/core/sweep';
import { readJsonBody } from './json-body.ts';
import { sendError, sendJson } from './responses.ts';

const MAX_COMMAND_BYTES = 4096;

/**
 * `POST /api/control`, body such as `{"do": "pause"}`: what the commands of the same names do. Answers 200 with
 * `{ok, text}`, 409 when it cannot be done now, and 403 where the server was not started for it.
 */
export async function sendCommand(
  request: IncomingMessage,
  response: ServerResponse,
  control: Control | undefined,
): Promise<void> {
  if (control === undefined) {
    return sendError(response, 403, 'this page is read-only; start the sweep with --allow-control');
  }
  const want = '{"do": "pause" | "resume" | "stop" | "cancel" | "retry" | "workers", …}';
  const command = await readJsonBody(request, response, ControlCommandSchema, { limit: MAX_COMMAND_BYTES, want });
  if (command === undefined) return;
  const reply = control(command);
  sendJson(response, reply.ok ? 200 : 409, reply);
}
