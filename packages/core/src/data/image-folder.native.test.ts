import { readFile, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tf } from '../tensorflow.ts';
import { addFile, dataConfig, refusal, testFolder } from './fixtures/test-data.ts';
import { openImageFolder } from './image-folder.ts';
import { loadDataset } from './load-dataset.ts';
import { Random } from './random.ts';

type Pixels = [height: number, width: number, channels: number, bytes: ArrayLike<number>];

async function encode(kind: 'png' | 'jpeg', [height, width, channels, bytes]: Pixels): Promise<Uint8Array> {
  const tensor = tf.tensor3d(Uint8Array.from(bytes), [height, width, channels], 'int32');
  try {
    return kind === 'png' ? await tf.node.encodePng(tensor) : await tf.node.encodeJpeg(tensor, undefined, 100);
  } finally {
    tensor.dispose();
  }
}

const flat = (height: number, width: number, ...colour: number[]): Pixels => [
  height,
  width,
  colour.length,
  Array.from({ length: height * width * colour.length }, (_, index) => colour[index % colour.length] as number),
];

/** Smooth waves, which JPEG keeps to a few levels. */
const waves = (height: number, width: number, channels: number): Pixels => {
  const at = (index: number) => {
    const [row, column] = [Math.floor(index / channels / width), Math.floor(index / channels) % width];
    return Math.round(128 + 60 * Math.sin(row / 7) + 60 * Math.cos(column / 9 + (index % channels)));
  };
  return [height, width, channels, Array.from({ length: height * width * channels }, (_, index) => at(index))];
};

async function readImage(file: Uint8Array, shape: [number, number, number]): Promise<Uint8Array> {
  const folder = await testFolder({ 'a/1.png': file, 'b/1.png': file });
  const into = new Uint8Array(shape[0] * shape[1] * shape[2]);
  await (await openImageFolder(folder, shape)).train.fill(Uint32Array.of(0), into);
  return into;
}

describe('openImageFolder', () => {
  it('reads PNG exactly: grey, colour and with transparency, which it drops', async () => {
    const random = new Random(1);
    for (const channels of [1, 3, 4]) {
      const bytes = Uint8Array.from({ length: 9 * 11 * channels }, () => random.below(256));
      const read = await readImage(await encode('png', [9, 11, channels, bytes]), [9, 11, 3]);
      const colour = Array.from({ length: 9 * 11 * 3 }, (_, index) => {
        const pixel = Math.floor(index / 3) * channels;
        return bytes[channels === 1 ? pixel : pixel + (index % 3)];
      });
      expect([...read]).toEqual(colour);
    }
  });

  it('reads grey out of grey images unchanged, and by luma out of colour ones', async () => {
    expect([...(await readImage(await encode('png', flat(8, 8, 200)), [8, 8, 1]))]).toEqual(new Array(64).fill(200));
    expect((await readImage(await encode('png', flat(8, 8, 255, 0, 0)), [8, 8, 1]))[0]).toBe(76);
  });

  it('reads PNG with a palette and with 16-bit channels', async () => {
    const palette = png([1, 2, 8, 3], [['PLTE', [10, 20, 30, 200, 100, 50]]], [0, 1, 0]);
    expect([...(await readImage(palette, [1, 2, 3]))]).toEqual([200, 100, 50, 10, 20, 30]);
    const deep = png([1, 1, 16, 2], [], [0, 0x12, 0xff, 0x80, 0x00, 0xff, 0xff]);
    expect([...(await readImage(deep, [1, 1, 3]))]).toEqual([0x12, 0x80, 0xff]);
  });

  it.each([1, 3])('reads JPEG of %i channel(s) to a few levels, and without a cast of colour', async (channels) => {
    const original = waves(64, 64, channels);
    const read = await readImage(await encode('jpeg', original), [64, 64, 3]);
    const errors = Array.from(read, (byte, index) => {
      return byte - (original[3][channels === 3 ? index : Math.floor(index / 3)] as number);
    });
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(6);
    for (let channel = 0; channel < 3; channel++) {
      const mean = errors.filter((_, index) => index % 3 === channel).reduce((sum, error) => sum + error) / (64 * 64);
      // TensorFlow's default DCT is more than one level off in red and in blue.
      expect(Math.abs(mean)).toBeLessThan(0.25);
    }
  });

  it('goes by what a file holds, not by its extension', async () => {
    const read = await readImage(await encode('jpeg', flat(16, 16, 90, 90, 90)), [16, 16, 3]);
    expect(Math.abs((read[0] as number) - 90)).toBeLessThan(3);
  });

  it('resizes images of any size, each to its place', async () => {
    const folder = await testFolder();
    // More than one read-ahead of files, of three sizes; the grey says which is which.
    for (let index = 0; index < 150; index++) {
      const [height, width] = [
        [8, 8],
        [20, 13],
        [5, 40],
      ][index % 3] as [number, number];
      const name = `${index % 2 === 0 ? 'even' : 'odd'}/${String(index).padStart(3, '0')}.png`;
      await addFile(join(folder, name), await encode('png', flat(height, width, index)));
    }
    const dataset = await loadDataset(dataConfig({ source: 'folder', path: folder, imageSize: 8 }), {
      baseDirectory: '/',
    });
    expect([dataset.classes.join(), dataset.train.count, dataset.validation.count]).toEqual(['even,odd', 120, 30]);
    const greys: number[] = [];
    for (const { count, pixels, labels } of [dataset.train, dataset.validation]) {
      for (let image = 0; image < count; image++) {
        const one = pixels.subarray(image * 192, (image + 1) * 192);
        const grey = one[0] as number;
        expect(one.every((byte) => byte === grey)).toBe(true);
        expect(labels[image]).toBe(grey % 2);
        greys.push(grey);
      }
    }
    expect(greys.sort((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, index) => index));
  });

  it('leaves no tensor behind, from good and from broken files', async () => {
    const image = await encode('png', flat(8, 8, 1));
    const folder = await testFolder({ 'a/1.png': image, 'b/1.png': image, 'b/2.png': image.slice(0, 60) });
    const source = await openImageFolder(folder, [8, 8, 3]);
    const before = tf.memory().numTensors;
    await source.train.fill(Uint32Array.of(0, 1), new Uint8Array(2 * 192));
    await refusal(source.train.fill(Uint32Array.of(2), new Uint8Array(192)));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names every broken file: empty, not an image, torn, unreadable', async () => {
    const folder = await testFolder({
      'a/empty.png': '',
      'a/page.png': '<html>',
      'b/packed.jpg': gzipSync('x'),
      'b/torn.jpg': await encode('jpeg', waves(64, 64, 3)),
      'b/torn.png': await encode('png', waves(64, 64, 3)),
      'b/whole.png': await encode('png', waves(64, 64, 3)),
    });
    for (const name of ['b/torn.jpg', 'b/torn.png']) {
      await truncate(join(folder, name), Math.floor((await readFile(join(folder, name))).length / 2));
    }
    const load = loadDataset(dataConfig({ source: 'folder', path: folder, validation: 0.2 }), { baseDirectory: '/' });
    const lines = (await refusal(load)).split('\n').sort();
    // Which part a file falls into is the split's affair; both parts are named only when the first is whole.
    const named = (name: string, got: string) => `${join(folder, name)}: got ${got}`;
    const expected = [
      named('a/empty.png', 'an empty file, want a whole PNG or JPEG image'),
      named('a/page.png', 'a file that begins with 3c68746d, want a whole PNG or JPEG image'),
      named('b/packed.jpg', 'a file that begins with 1f8b0800, want a whole PNG or JPEG image'),
      named('b/torn.jpg', 'an image that cannot be decoded'),
      named('b/torn.png', 'an image that cannot be decoded'),
    ];
    expect(lines.length).toBeGreaterThanOrEqual(4);
    for (const line of lines) expect(expected.some((start) => line.startsWith(start))).toBe(true);
  });

  it.each(['png', 'jpeg'] as const)('refuses a %s file cut off anywhere', async (kind) => {
    const whole = await encode(kind, waves(48, 48, 3));
    for (const share of [0.02, 0.3, 0.6, 0.9, 0.98]) {
      const cut = whole.slice(0, Math.ceil(whole.length * share));
      expect(await refusal(readImage(cut, [8, 8, 3]))).toContain('want a whole PNG or JPEG image');
    }
  });

  it('names a link that leads nowhere', async () => {
    const folder = await testFolder({ 'a/1.png': await encode('png', flat(8, 8, 1)), 'b/.keep': '' });
    await symlink(join(folder, 'gone.png'), join(folder, 'b/1.png'));
    const source = await openImageFolder(folder, [8, 8, 3]);
    const message = await refusal(source.train.fill(Uint32Array.of(1), new Uint8Array(192)));
    expect(message).toContain(`${join(folder, 'b/1.png')}: got a file that cannot be read (ENOENT`);
  });
});

/** A PNG file by hand: header [height, width, bit depth, colour type], further chunks, unfiltered rows. */
function png([height, width, depth, colour]: number[], chunks: [string, number[]][], rows: number[]): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    const sum = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width as number, 0);
  header.writeUInt32BE(height as number, 4);
  header.set([depth as number, colour as number], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...chunks.map(([type, data]) => chunk(type, Uint8Array.from(data))),
    chunk('IDAT', deflateSync(Uint8Array.from(rows))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}
