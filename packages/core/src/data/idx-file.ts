import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';
import { InputError } from '../input-error.ts';

/** An array of bytes in the IDX format of the MNIST files. */
export interface IdxArray {
  /** Size of each dimension, at least 1. */
  dimensions: number[];
  /** The elements in C order. */
  elements: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;
const GZIP_MAGIC = [0x1f, 0x8b] as const;

const headerBytes = (rank: number): number => 4 + 4 * rank;
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/**
 * Reads an IDX file of unsigned bytes, plain or gzipped (told by content, not by name): 2 zero bytes, the type 0x08, the
 * number of dimensions, each dimension as a big-endian 32-bit number, the elements.
 *
 * @throws InputError for a torn gzip stream, another magic number and another length than the header says.
 */
export async function readIdx(file: string, rank: number): Promise<IdxArray> {
  const stored = await readFile(file);
  const bytes: Uint8Array = isGzip(stored)
    ? await promisify(gunzip)(stored).catch((error: Error) => refuseGzip(file, error))
    : stored;
  const dimensions = parseHeader(bytes, file, rank);
  checkLength(bytes.length, dimensions, file);
  return { dimensions, elements: bytes.subarray(headerBytes(rank)) };
}

/** Dimensions by the header alone; of a plain file the length is checked too, of a gzipped one it cannot be known. */
export async function readIdxDimensions(file: string, rank: number): Promise<number[]> {
  const { bytes, gzipped } = await readHead(file, headerBytes(rank));
  const dimensions = parseHeader(bytes, file, rank);
  if (!gzipped) checkLength((await stat(file)).size, dimensions, file);
  return dimensions;
}

async function readHead(file: string, count: number): Promise<{ bytes: Uint8Array; gzipped: boolean }> {
  const start: Uint8Array = await firstBytes(createReadStream(file, { end: count - 1 }), count);
  if (!isGzip(start)) return { bytes: start, gzipped: false };
  const stored = createReadStream(file);
  const unpacked = stored.pipe(createGunzip());
  stored.on('error', (error) => unpacked.destroy(error));
  try {
    return { bytes: await firstBytes(unpacked, count), gzipped: true };
  } catch (error) {
    return refuseGzip(file, error as Error);
  } finally {
    stored.destroy();
  }
}

async function firstBytes(stream: AsyncIterable<Buffer>, count: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let have = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    have += chunk.length;
    if (have >= count) break;
  }
  return Buffer.concat(chunks).subarray(0, count);
}

function parseHeader(bytes: Uint8Array, file: string, rank: number): number[] {
  if (bytes.length === 0) throw new InputError({ file, got: 'an empty file', want: 'an IDX file' });
  const magic = Uint8Array.of(0, 0, UNSIGNED_BYTE, rank);
  const found = bytes.subarray(0, 4);
  if (found.length < 4 || found.some((byte, index) => byte !== magic[index])) {
    const want = `magic number ${hex(magic)} (IDX, unsigned bytes, ${rank} dimension${rank === 1 ? '' : 's'})`;
    throw new InputError({ file, path: 'byte 0', got: hex(found), want });
  }
  if (bytes.length < headerBytes(rank)) {
    throw new InputError({ file, got: `${bytes.length} bytes`, want: `a header of ${headerBytes(rank)} bytes` });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dimensions = Array.from({ length: rank }, (_, index) => view.getUint32(headerBytes(index)));
  const empty = dimensions.indexOf(0);
  if (empty !== -1) {
    throw new InputError({ file, path: `byte ${headerBytes(empty)}`, got: 'a dimension of 0', want: 'at least 1' });
  }
  return dimensions;
}

function checkLength(length: number, dimensions: number[], file: string): void {
  const elements = dimensions.reduce((product, dimension) => product * dimension, 1);
  const want = headerBytes(dimensions.length) + elements;
  if (length !== want) {
    throw new InputError({
      file,
      got: `${length} bytes`,
      want: `${want} bytes (header, then ${dimensions.join('×')})`,
    });
  }
}

function refuseGzip(file: string, error: Error): never {
  throw new InputError({ file, got: `a damaged gzip stream (${error.message})`, want: 'a whole gzip file' });
}
