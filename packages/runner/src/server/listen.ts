import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, InputError } from '@l2bn/core/sweep';

/** Tried first when no port is asked for, so that a page left open finds the next sweep. */
export const DEFAULT_PORT = 4173;

/**
 * Starts listening and returns the port.
 *
 * @param port 0 for any free one; left out, `DEFAULT_PORT` or, when that is taken, any free one
 * @throws InputError when a port that was asked for, or the host, cannot be had
 */
export async function listen(server: Server, host: string, port: number | undefined): Promise<number> {
  if (port === undefined) {
    const taken = await tryListen(server, host, DEFAULT_PORT).then(
      () => false,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return true;
        throw asInputError(error, host, DEFAULT_PORT);
      },
    );
    if (!taken) return DEFAULT_PORT;
  } else if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InputError({ path: 'port', got: describe(port), want: 'a whole number from 0 to 65535' });
  }
  await tryListen(server, host, port ?? 0).catch((error: NodeJS.ErrnoException) => {
    throw asInputError(error, host, port ?? 0);
  });
  return (server.address() as AddressInfo).port;
}

async function tryListen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

function asInputError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new InputError({ path: 'port', got: `${port}, which is in use`, want: 'a free port, or 0 for any' });
    case 'EACCES':
      return new InputError({ path: 'port', got: `${port}, which needs more rights`, want: 'a port above 1023' });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new InputError({ path: 'host', got: describe(host), want: 'an address of this machine' });
    default:
      return error;
  }
}
