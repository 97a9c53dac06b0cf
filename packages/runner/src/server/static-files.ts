import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InputError } from '@l2bn/core/sweep';
import { acceptsGzip } from './accepts-gzip.ts';
import { sendError } from './responses.ts';

/** Bound on the built page; a folder above it is not one. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

/** Only what a built page holds; a file of another type stays unserved. Those marked are worth compressing. */
const TYPES: Readonly<Record<string, { type: string; text: boolean }>> = {
  '.html': { type: 'text/html; charset=utf-8', text: true },
  '.js': { type: 'text/javascript; charset=utf-8', text: true },
  '.css': { type: 'text/css; charset=utf-8', text: true },
  '.json': { type: 'application/json; charset=utf-8', text: true },
  '.webmanifest': { type: 'application/manifest+json', text: true },
  '.svg': { type: 'image/svg+xml', text: true },
  '.png': { type: 'image/png', text: false },
  '.webp': { type: 'image/webp', text: false },
  '.ico': { type: 'image/x-icon', text: false },
  '.woff2': { type: 'font/woff2', text: false },
};

/** What Vite names by content: `assets/index-B7hKq3Xz.js`. */
const HASHED = /^\/assets\/.*-[\w-]{8}\.\w+$/;

interface Variant {
  body: Buffer;
  etag: string;
}
interface StaticFile {
  type: string;
  cacheControl: string;
  plain: Variant;
  gzip: Variant | null;
}

/** The files of a built page, by URL path (`/index.html`, which is also `/`). */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

/**
 * Reads the built page into memory. A request is then a look-up in a map of names found here, so no path in a URL ever
 * reaches the file system, and a rebuild of the page cannot mix with the one being served. Links are not followed.
 *
 * @throws InputError when the folder cannot be read, holds no `index.html` or is too large to be a built page
 */
export function readStaticFiles(directory: string): StaticFiles {
  const files = new Map<string, StaticFile>();
  let total = 0;
  for (const path of listFiles(directory)) {
    const kind = TYPES[extname(path)];
    if (kind === undefined) continue;
    const body = readFileSync(join(directory, path));
    total += body.length;
    if (total > MAX_TOTAL_BYTES) {
      throw new InputError({ file: directory, got: `over ${MAX_TOTAL_BYTES} bytes of files`, want: 'a built page' });
    }
    const url = encodeURI(`/${path}`);
    files.set(url, staticFile(url, body, kind));
  }
  const index = files.get('/index.html');
  if (index === undefined) throw new InputError({ file: directory, got: 'no index.html', want: 'a built page' });
  return files.set('/', index);
}

/** Answers with the file at `path`; 404 when there is none, 405 for anything but GET and HEAD. */
export function sendStaticFile(
  files: StaticFiles,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const file = files.get(path);
  if (file === undefined) {
    sendError(response, 404, 'no such page');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendError(response, 405, 'want GET or HEAD', { Allow: 'GET, HEAD' });
    return;
  }
  const zipped = file.gzip !== null && acceptsGzip(request.headers['accept-encoding']) ? file.gzip : null;
  const { body, etag } = zipped ?? file.plain;
  const headers = { 'Cache-Control': file.cacheControl, ETag: etag, Vary: 'Accept-Encoding' };
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    'Content-Type': file.type,
    'Content-Length': body.length,
    ...(zipped === null ? {} : { 'Content-Encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function staticFile(url: string, body: Buffer, { type, text }: { type: string; text: boolean }): StaticFile {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  const packed = text ? gzipSync(body, { level: 9 }) : body;
  return {
    type,
    cacheControl: HASHED.test(url) ? 'public, max-age=31536000, immutable' : 'no-cache',
    plain: { body, etag: `"${hash}"` },
    gzip: packed.length < body.length ? { body: packed, etag: `"${hash}-gz"` } : null,
  };
}

/** Paths of all plain files below a folder, with `/` between the parts. */
function listFiles(directory: string, below = ''): string[] {
  return readFolder(join(directory, below)).flatMap((entry) => {
    const path = posix.join(below, entry.name);
    if (entry.isDirectory()) return listFiles(directory, path);
    return entry.isFile() ? [path] : [];
  });
}

function readFolder(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    throw new InputError({ file: directory, got: (error as Error).message, want: 'a folder with a built page' });
  }
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((entry) => ['*', etag].includes(entry.trim().replace(/^W\//, '')));
}
