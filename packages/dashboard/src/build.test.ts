import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const root = join(import.meta.dirname, '..');

describe('the built page', { timeout: 60_000 }, () => {
  let files: Map<string, string>;

  beforeAll(async () => {
    // Vitest sets `test`, with which Vite builds Lit's development version.
    vi.stubEnv('NODE_ENV', 'production');
    const result = (await build({ root, logLevel: 'silent', build: { write: false } })) as Rolldown.RolldownOutput;
    files = new Map(
      result.output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]),
    );
  });

  afterAll(() => vi.unstubAllEnvs());

  it('has scripts and styles only as files of its own, by relative address', () => {
    const page = files.get('index.html')!;
    expect(page).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address!);
    expect(addresses.length).toBeGreaterThanOrEqual(3);
    for (const address of addresses) expect(address).toMatch(/^\.\//);
  });

  it('asks no other machine for anything', () => {
    const found = [...files.values()].flatMap((text) => text.match(/(?:https?|wss?):\/\/[\w.-]+[^\s"'`)]*/g) ?? []);
    expect(found).toEqual([]);
  });

  it('weighs at most 90 KB', () => {
    const sizes = [...files].filter(([name]) => /\.(js|css)$/.test(name)).map(([, text]) => gzipSync(text).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(90 * 1024);
  });
});

describe('the sources', () => {
  it('set no style attribute, which the Content-Security-Policy forbids', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.includes('.test.'),
    );
    expect(sources.length).toBeGreaterThan(20);
    for (const path of sources) {
      const text = readFileSync(join(root, 'src', path), 'utf8');
      expect(/\sstyle=|styleMap\(/.test(text), path).toBe(false);
    }
  });
});
