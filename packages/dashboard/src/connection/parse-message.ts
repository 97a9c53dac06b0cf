import type { ServerMessage } from '@l2bn/core/sweep';

/** A frame of a newer server that this page does not know is ignored, not an error. */
export function parseMessage(data: unknown): ServerMessage | null {
  try {
    const message = JSON.parse(String(data)) as ServerMessage;
    return typeof message === 'object' && message !== null ? message : null;
  } catch {
    return null;
  }
}
