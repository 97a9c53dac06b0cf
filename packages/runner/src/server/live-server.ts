import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Control, ServerFacts } from '@l2bn/core/sweep';
import { InputError, LIVE_SUBPROTOCOL } from '@l2bn/core/sweep';
import { type ServerOptions, WebSocketServer } from 'ws';
import { allowedHosts, isLoopback } from './allowed-hosts.ts';
import { admit, type GatePolicy } from './gate.ts';
import { LiveHub } from './hub.ts';
import { listen } from './listen.ts';
import { DEFAULT_LIMITS, type LiveLimits } from './live-limits.ts';
import { refuseSocket, sendError } from './responses.ts';
import { answer, pathOf, type RouteContext } from './routes.ts';
import { cookieName, createToken, MIN_TOKEN_LENGTH } from './session-token.ts';
import { SnapshotBody } from './snapshot-body.ts';
import { readStaticFiles } from './static-files.ts';
import type { SweepSource } from './sweep-source.ts';

/** Path of the WebSocket. */
export const LIVE_PATH = '/api/live';

export interface LiveServerOptions {
  source: SweepSource;
  /** Folder of the built page, with `index.html`; read once, at the start. */
  pageDirectory: string;
  /** Address to listen on. @defaultValue `127.0.0.1`; one that others can reach needs `allowHosts` */
  host?: string;
  /** @defaultValue 4173, or any free port when that is taken; 0 is any free port */
  port?: number;
  /** Host names, beside the loopback ones, that the page may be opened by. */
  allowHosts?: readonly string[];
  /** @defaultValue 256 random bits */
  token?: string;
  /** Version of l2bn. */
  version: string;
  limits?: Partial<LiveLimits>;
  /** Told to every page. @defaultValue nothing */
  facts?: ServerFacts;
  /** Carries out what whoever holds the link asks for. @defaultValue nothing: the page is read-only */
  control?: Control;
}

export interface LiveServer {
  /** Where the page is, such as `http://127.0.0.1:4173/`. */
  readonly url: string;
  /** `url` with the token in the fragment, which browsers neither send nor log. For the user's eyes only. */
  readonly link: string;
  readonly port: number;
  /** What the user should be told before the link; empty for a server that only this machine can reach. */
  readonly warnings: readonly string[];
  /**
   * Takes no more requests, says goodbye to the pages and resolves when every connection is gone.
   *
   * @param reason why the sweep cannot go on, where something has broken
   */
  close(reason?: string): Promise<void>;
}

/**
 * Serves page, snapshot and live events of a sweep to whoever holds the link; read-only unless `control` is given.
 *
 * @throws InputError for a page folder, host, port or token that cannot be used
 */
export async function startLiveServer(options: LiveServerOptions): Promise<LiveServer> {
  const { source, host = '127.0.0.1', allowHosts = [], token = createToken() } = options;
  const limits: LiveLimits = { ...DEFAULT_LIMITS, ...options.limits };
  checkHost(host, allowHosts);
  checkToken(token);
  const hosts = allowedHosts(allowHosts);
  const files = readStaticFiles(options.pageDirectory);
  const server = createServer({ headersTimeout: 15_000, requestTimeout: 30_000 });
  const port = await listen(server, host, options.port);

  // No request can have come yet: the first one needs another turn of the event loop.
  const policy: GatePolicy = { hosts, cookie: cookieName(port), token };
  const hub = new LiveHub(source, { version: options.version, ...options.facts }, limits);
  serveHttp(server, {
    policy,
    files,
    login: { token, port, wrongTokenDelayMs: limits.wrongTokenDelayMs },
    snapshot: new SnapshotBody(hub.boot, source, limits.snapshotBytes),
    courses: () => ({ state: source.state, limit: limits.courseBytes }),
    boot: hub.boot,
    control: options.control,
    seq: () => source.state.seq,
  });
  const sockets = serveLive(server, policy, hub, limits);

  const name = isLoopback(host) ? host : allowHosts[0]!;
  const url = `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}/`;
  let closed: Promise<void> | undefined;
  return {
    url,
    link: `${url}#t=${token}`,
    port,
    warnings: isLoopback(host) ? [] : [exposedWarning(host, port)],
    close(reason) {
      closed ??= closeAll(server, sockets, () => hub.close(reason ?? null), limits.graceMs);
      return closed;
    },
  };
}

function serveHttp(server: Server, context: RouteContext): void {
  server.on('request', (request, response) => {
    answer(request, response, context).catch((error: Error) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 500, error.message);
    });
  });
  // Such as too many open files on accept: that connection is lost, not the sweep.
  server.on('error', () => {});
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
    refuseSocket(socket, status, 'not a request that can be answered');
  });
}

function serveLive(server: Server, policy: GatePolicy, hub: LiveHub, limits: LiveLimits): WebSocketServer {
  // `closeTimeout` is newer than the published types of `ws`.
  const settings: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    // A page's messages are short and whole; compression costs memory per connection and the frames are small.
    perMessageDeflate: false,
    maxPayload: limits.inboundBytes,
    maxFragments: 16,
    maxBufferedChunks: 1024,
    closeTimeout: limits.graceMs,
    handleProtocols: () => LIVE_SUBPROTOCOL,
  };
  const sockets = new WebSocketServer(settings);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const known = pathOf(request) === LIVE_PATH;
    const admission = admit(request.headers, known ? 'live' : 'open', policy);
    if (!admission.admitted) refuseSocket(socket, admission.status, admission.reason);
    else if (!known) refuseSocket(socket, 404, 'no such resource');
    else sockets.handleUpgrade(request, socket, head, (client) => hub.accept(client));
  });
  return sockets;
}

async function closeAll(
  server: Server,
  sockets: WebSocketServer,
  dismiss: () => Promise<void>,
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  sockets.close();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await Promise.all([closed, dismiss()]);
  clearTimeout(cut);
}

function checkHost(host: string, allowHosts: readonly string[]): void {
  if (isLoopback(host) || allowHosts.length > 0) return;
  throw new InputError({
    path: 'host',
    got: `${JSON.stringify(host)}, which others can reach, and no allowed host names`,
    want: '127.0.0.1, or the names that the page will be opened by in allowHosts',
  });
}

function checkToken(token: string): void {
  // It stands in a cookie and in a link as it is.
  if (token.length >= MIN_TOKEN_LENGTH && /^[\w-]+$/.test(token)) return;
  throw new InputError({
    path: 'token',
    got: `${token.length} characters`,
    want: `at least ${MIN_TOKEN_LENGTH} letters, digits, "-" or "_"`,
  });
}

const exposedWarning = (host: string, port: number): string =>
  `Listening on ${host}: whoever can reach this machine and has the link can watch, and the connection is not encrypted. ` +
  `Safer from another machine: keep 127.0.0.1 and run there: ssh -L ${port}:127.0.0.1:${port} <this machine>`;
