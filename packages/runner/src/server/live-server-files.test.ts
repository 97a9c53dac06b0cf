import { gunzipSync } from 'node:zlib';
import { InputError } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { ask } from './fixtures/ask.ts';
import { SCRIPT, SECRET } from './fixtures/page-folder.ts';
import { start } from './fixtures/started-server.ts';

describe('page files', () => {
  it('serves the page and its hashed assets, compressed where asked for', async () => {
    const { port } = await start();
    const index = await ask(port, { path: '/?view=map' });
    expect(index.status).toBe(200);
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(index.headers['cache-control']).toBe('no-cache');
    const path = '/assets/index-B7hKq3Xz.js';
    const script = await ask(port, { path });
    expect(script.body.toString()).toBe(SCRIPT);
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
    const zipped = await ask(port, { path, headers: { 'Accept-Encoding': 'gzip, br' } });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body).toString()).toBe(SCRIPT);
    expect([script, zipped].map(({ headers }) => headers.vary)).toEqual(['Accept-Encoding', 'Accept-Encoding']);
  });

  it('answers 304 to who has it, and only then', async () => {
    const { port } = await start();
    const { headers } = await ask(port, { path: '/' });
    const again = (etag: string) => ask(port, { path: '/', headers: { 'If-None-Match': etag } });
    const same = await again(`"other", W/${headers.etag}`);
    expect([same.status, same.body.length, same.headers.etag]).toEqual([304, 0, headers.etag]);
    expect((await again('"other"')).status).toBe(200);
  });

  it('answers HEAD like GET without the body, and nothing else', async () => {
    const { port } = await start();
    const [get, head] = [await ask(port, {}), await ask(port, { method: 'HEAD' })];
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await ask(port, { method });
      expect([answer.status, answer.headers.allow], method).toEqual([405, 'GET, HEAD']);
    }
  });

  it.each([
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/..\\secret.html',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.html',
    '//secret.html',
    '/notes.txt',
    '/assets',
    '/assets/',
    '/constructor',
    '/__proto__',
    '/%',
    '/%00',
    'http://127.0.0.1/secret.html',
  ])('finds nothing at %s', async (path) => {
    const { port } = await start();
    const answer = await ask(port, { path });
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).not.toContain(SECRET);
  });

  it('refuses a folder without a page before it listens', async () => {
    await expect(start({ pageDirectory: '/nonexistent/page' })).rejects.toThrow(InputError);
  });
});
