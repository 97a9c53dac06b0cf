import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePageFolder, SCRIPT } from './fixtures/page-folder.ts';
import { readStaticFiles } from './static-files.ts';

let page: ReturnType<typeof makePageFolder>;
beforeEach(() => {
  page = makePageFolder();
});
afterEach(() => page.remove());

describe('readStaticFiles', () => {
  it('lists the files of a page, the index also as the root, and nothing else', () => {
    expect([...readStaticFiles(page.directory).keys()].sort()).toEqual([
      '/',
      '/assets/index-B7hKq3Xz.js',
      '/icon.png',
      '/index.html',
    ]);
  });

  it('holds what the folder held at the start', () => {
    expect(readStaticFiles(page.directory).get('/assets/index-B7hKq3Xz.js')!.plain.body.toString()).toBe(SCRIPT);
  });

  it('lets browsers keep for ever only what is named by its content', () => {
    const files = readStaticFiles(page.directory);
    expect(files.get('/assets/index-B7hKq3Xz.js')!.cacheControl).toContain('immutable');
    expect(files.get('/')!.cacheControl).toBe('no-cache');
    expect(files.get('/icon.png')!.cacheControl).toBe('no-cache');
  });

  it('keeps a compressed body only where it is smaller', () => {
    const files = readStaticFiles(page.directory);
    const script = files.get('/assets/index-B7hKq3Xz.js')!;
    expect(script.gzip!.body.length).toBeLessThan(script.plain.body.length);
    expect(script.gzip!.etag).not.toBe(script.plain.etag);
    expect(files.get('/icon.png')!.gzip).toBeNull();
  });

  it('follows no link out of the folder', () => {
    symlinkSync('../secret.html', join(page.directory, 'link.html'));
    symlinkSync('..', join(page.directory, 'up'));
    expect([...readStaticFiles(page.directory).keys()].filter((path) => /link|up|secret/.test(path))).toEqual([]);
  });

  it('escapes names as a browser asks for them', () => {
    const odd = makePageFolder({ 'index.html': '', 'assets/a b.css': 'p {}' });
    expect(readStaticFiles(odd.directory).has('/assets/a%20b.css')).toBe(true);
    odd.remove();
  });

  it('says what is wrong with a folder that holds no page', () => {
    const missing = join(page.directory, 'missing');
    expect(() => readStaticFiles(missing)).toThrow(InputError);
    expect(() => readStaticFiles(missing)).toThrow(missing);
    expect(() => readStaticFiles(join(page.directory, 'assets'))).toThrow('no index.html');
  });
});
