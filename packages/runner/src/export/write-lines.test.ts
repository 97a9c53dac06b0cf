import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { writeLines, writeLinesTo } from './write-lines.ts';

const many = Array.from({ length: 30_000 }, (_, i) => `line ${i}`);

describe('writeLines', () => {
  it('waits for a slow reader, loses nothing and leaves the stream open', async () => {
    const stream = new PassThrough({ highWaterMark: 1024 });
    const writing = writeLines(many, stream);
    expect(stream.writableLength).toBeLessThan(200_000);
    let text = '';
    stream.on('data', (part) => {
      text += part;
    });
    await writing;
    expect(text).toBe(`${many.join('\n')}\n`);
    expect(stream.writable).toBe(true);
  });
});

describe('writeLinesTo', () => {
  it('leaves the old file as it is when the lines end in an error', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'out.csv');
    writeFileSync(file, 'old');
    const broken = (function* () {
      yield* many;
      throw new Error('torn');
    })();
    await expect(writeLinesTo(file, broken)).rejects.toThrow('torn');
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['out.csv']);
    await writeLinesTo(file, ['new']);
    expect(readFileSync(file, 'utf8')).toBe('new\n');
  });
});
