import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * An address that stays the same while servers behind it come and go, as a port that is always given to the same program;
 * closed when the test ends. A connection can be cut here without either end wishing it.
 */
export class Relay {
  readonly port: number;
  /** Port of the server behind; while there is none, connections are closed at once. */
  target: number | undefined;
  private readonly sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>) {
    this.port = (server.address() as AddressInfo).port;
    this.sockets = sockets;
  }

  static async open(): Promise<Relay> {
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      if (relay.target === undefined) client.destroy();
      else join(client, connect(relay.target, '127.0.0.1'), sockets);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const relay = new Relay(server, sockets);
    onTestFinished(() => {
      server.close();
      relay.cut();
    });
    return relay;
  }

  /** The same address here as `link` is there. */
  linkTo(link: string): string {
    const url = new URL(link);
    url.port = String(this.port);
    return url.href;
  }

  /** Breaks every connection without a goodbye. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }
}

function join(client: Socket, server: Socket, sockets: Set<Socket>): void {
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    sockets.add(from);
    from.setNoDelay(true).pipe(to);
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }
}
