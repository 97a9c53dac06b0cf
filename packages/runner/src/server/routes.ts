import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Control, SweepState } from '@l2bn/core/sweep';
import { acceptsGzip } from './accepts-gzip.ts';
import { sendCommand } from './control-route.ts';
import { sendCourses } from './courses-route.ts';
import { type Access, admit, type GatePolicy } from './gate.ts';
import { type LoginOptions, login } from './login.ts';
import { sendError, sendJson } from './responses.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import type { SnapshotBody } from './snapshot-body.ts';
import { type StaticFiles, sendStaticFile } from './static-files.ts';

export interface RouteContext {
  policy: GatePolicy;
  files: StaticFiles;
  login: LoginOptions;
  snapshot: SnapshotBody;
  /** What courses are sent from, and bytes of them in one answer. */
  courses(): { state: SweepState; limit: number };
  boot: string;
  /** Undefined: read-only. */
  control: Control | undefined;
  seq(): number;
}

interface Route {
  method: 'GET' | 'POST';
  access: Access;
  handle(request: IncomingMessage, response: ServerResponse, context: RouteContext): void | Promise<void>;
}

const API: ReadonlyMap<string, Route> = new Map<string, Route>([
  [
    '/api/login',
    { method: 'POST', access: 'open', handle: (request, response, context) => login(request, response, context.login) },
  ],
  [
    '/api/health',
    {
      method: 'GET',
      access: 'session',
      handle: (_request, response, { boot, seq, control }) =>
        sendJson(response, 200, { ok: true, boot, seq: seq(), control: control !== undefined }),
    },
  ],
  [
    '/api/control',
    {
      method: 'POST',
      access: 'session',
      handle: (request, response, { control }) => sendCommand(request, response, control),
    },
  ],
  [
    '/api/courses',
    {
      method: 'GET',
      access: 'session',
      handle: (request, response, { courses }) => sendCourses(request, response, courses()),
    },
  ],
  ['/api/snapshot', { method: 'GET', access: 'session', handle: sendSnapshot }],
]);

/** Path of the request, without its query. Not decoded: it is only ever compared with known ones. */
export const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0]!;

/** Answers one HTTP request, after the gate. */
export async function answer(request: IncomingMessage, response: ServerResponse, context: RouteContext): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  const path = pathOf(request);
  const route = API.get(path);
  const underApi = path.startsWith('/api/');
  const admission = admit(request.headers, route?.access ?? (underApi ? 'session' : 'open'), context.policy);
  if (!admission.admitted) return sendError(response, admission.status, admission.reason);
  if (route === undefined) {
    if (underApi) return sendError(response, 404, 'no such resource');
    return sendStaticFile(context.files, path, request, response);
  }
  if (request.method !== route.method) {
    return sendError(response, 405, `want ${route.method}`, { Allow: route.method });
  }
  await route.handle(request, response, context);
}

async function sendSnapshot(request: IncomingMessage, response: ServerResponse, context: RouteContext): Promise<void> {
  const zipped = acceptsGzip(request.headers['accept-encoding']);
  const body = await context.snapshot.render(zipped);
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    Vary: 'Accept-Encoding',
    ...(zipped ? { 'Content-Encoding': 'gzip' } : {}),
  });
  response.end(body);
}
