import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { idxFile, refusal, testFolder } from './fixtures/test-data.ts';
import { readIdx, readIdxDimensions } from './idx-file.ts';

async function oneFile(content: Uint8Array): Promise<string> {
  return join(await testFolder({ file: content }), 'file');
}

describe('readIdx', () => {
  it.each([
    ['plain', (bytes: Uint8Array) => bytes],
    ['gzipped, whatever the name', (bytes: Uint8Array) => gzipSync(bytes)],
  ])('reads a %s file', async (_, pack) => {
    const file = await oneFile(
      pack(
        idxFile(
          [2, 3, 2],
          Array.from({ length: 12 }, (_, index) => 20 * index),
        ),
      ),
    );
    const { dimensions, elements } = await readIdx(file, 3);
    expect(dimensions).toEqual([2, 3, 2]);
    expect([...elements]).toEqual([0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 220]);
    expect(await readIdxDimensions(file, 3)).toEqual([2, 3, 2]);
  });

  it.each([
    ['an empty file', new Uint8Array(0), 3, 'got an empty file, want an IDX file'],
    [
      'labels where images belong',
      idxFile([4], [1, 2, 3, 4]),
      3,
      'byte 0: got 00000801, want magic number 00000803 (IDX, unsigned bytes, 3 dimensions)',
    ],
    [
      'floats',
      Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0),
      1,
      'byte 0: got 00000d01, want magic number 00000801 (IDX, unsigned bytes, 1 dimension)',
    ],
    ['a header cut short', Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1), 3, 'got 8 bytes, want a header of 16 bytes'],
    ['no elements', idxFile([0], []), 1, 'byte 4: got a dimension of 0, want at least 1'],
    ['a missing end', idxFile([2, 2, 2], [1, 2, 3]), 3, 'got 19 bytes, want 24 bytes (header, then 2×2×2)'],
    ['bytes too many', idxFile([2], [1, 2, 3]), 1, 'got 11 bytes, want 10 bytes (header, then 2)'],
  ])('refuses %s, whole or by the header', async (_, content, rank, problem) => {
    const file = await oneFile(content);
    expect(await refusal(readIdx(file, rank))).toBe(`${file}: ${problem}`);
    expect(await refusal(readIdxDimensions(file, rank))).toBe(`${file}: ${problem}`);
  });

  it('refuses a wrong length inside a gzip file on reading, when it can be known', async () => {
    const file = await oneFile(gzipSync(idxFile([2, 2, 2], [1, 2, 3])));
    expect(await readIdxDimensions(file, 3)).toEqual([2, 2, 2]);
    expect(await refusal(readIdx(file, 3))).toBe(`${file}: got 19 bytes, want 24 bytes (header, then 2×2×2)`);
  });

  it('refuses a torn gzip file', async () => {
    const elements = Array.from({ length: 5_000 }, (_, index) => (index * index * 31) % 251);
    const file = await oneFile(gzipSync(idxFile([5_000], elements)));
    await truncate(file, 300);
    const torn = `${file}: got a damaged gzip stream (unexpected end of file), want a whole gzip file`;
    expect(await refusal(readIdx(file, 1))).toBe(torn);
    await truncate(file, 12);
    expect(await refusal(readIdxDimensions(file, 1))).toBe(torn);
  });

  it('refuses a gzip file with a wrong checksum', async () => {
    const packed = gzipSync(idxFile([3], [1, 2, 3]));
    packed.writeUInt32LE(1, packed.length - 8);
    expect(await refusal(readIdx(await oneFile(packed), 1))).toContain(
      'got a damaged gzip stream (incorrect data check)',
    );
  });
});
