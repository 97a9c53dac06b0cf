import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { addFile, idxFile, refusal, testFolder } from './fixtures/test-data.ts';
import { checkIdx, openIdx } from './idx.ts';

/** `count` images of 3×2 pixels, each filled with its number. */
const images = (count: number) =>
  idxFile(
    [count, 3, 2],
    Array.from({ length: 6 * count }, (_, index) => Math.floor(index / 6)),
  );
const labels = (...values: number[]) => idxFile([values.length], values);

const trainAndTest = () =>
  testFolder({
    'train-images-idx3-ubyte': images(4),
    'train-labels-idx1-ubyte': labels(0, 2, 1, 2),
    't10k-images-idx3-ubyte': images(2),
    't10k-labels-idx1-ubyte': labels(2, 0),
  });

describe('openIdx', () => {
  it('reads both parts', async () => {
    const folder = await trainAndTest();
    const source = await openIdx(folder, [3, 2, 1]);
    expect([source.name, source.classes.join()]).toEqual([basename(folder), '0,1,2']);
    expect([...Array.from(source.train.labels)]).toEqual([0, 2, 1, 2]);
    expect([...Array.from(source.test?.labels ?? [])]).toEqual([2, 0]);
    const pixels = new Uint8Array(12);
    await source.train.fill(Uint32Array.of(3, 1), pixels);
    expect([...pixels]).toEqual([3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1]);
  });

  it.each([
    ['with dots and .gz', 'train-images.idx3-ubyte.gz', 'train-labels.idx1-ubyte.gz', ''],
    [
      'behind a prefix',
      'emnist-letters-train-images-idx3-ubyte.gz',
      'emnist-letters-train-labels-idx1-ubyte',
      'emnist-letters',
    ],
    ['behind a prefix with its hyphen', 'qm-train-images-idx3-ubyte', 'qm-train-labels-idx1-ubyte', 'qm-'],
  ])('finds files named %s, and classes that begin at 1', async (_, imageName, labelName, prefix) => {
    const pack = (name: string, bytes: Uint8Array) => (name.endsWith('.gz') ? gzipSync(bytes) : bytes);
    const folder = await testFolder({
      [imageName]: pack(imageName, images(3)),
      [labelName]: pack(labelName, labels(2, 1, 3)),
    });
    expect(await checkIdx(join(folder, prefix))).toEqual({ hasTest: false });
    const { classes, train, test } = await openIdx(join(folder, prefix), [8, 8, 3]);
    expect([classes.join(), [...Array.from(train.labels)].join(), test]).toEqual(['1,2,3', '1,0,2', undefined]);
  });

  it('takes the test part in its other spelling', async () => {
    const folder = await trainAndTest();
    await rm(join(folder, 't10k-images-idx3-ubyte'));
    await rm(join(folder, 't10k-labels-idx1-ubyte'));
    await addFile(join(folder, 'test-images-idx3-ubyte.gz'), gzipSync(images(1)));
    await addFile(join(folder, 'test-labels-idx1-ubyte'), labels(1));
    expect([...Array.from((await openIdx(folder, [8, 8, 3])).test?.labels ?? [])]).toEqual([1]);
  });

  it('names the record of a label that stands alone beyond a gap', async () => {
    const folder = await trainAndTest();
    await addFile(join(folder, 'train-labels-idx1-ubyte'), labels(0, 1, 200, 1));
    expect(await refusal(openIdx(folder, [8, 8, 3]))).toBe(
      `${join(folder, 'train-labels-idx1-ubyte')}: record 2: got label 200, want labels without a gap (none is 2)`,
    );
  });

  it('names the record of a test label that training does not have', async () => {
    const folder = await trainAndTest();
    await addFile(join(folder, 't10k-labels-idx1-ubyte'), labels(2, 3));
    expect(await refusal(openIdx(folder, [8, 8, 3]))).toBe(
      `${join(folder, 't10k-labels-idx1-ubyte')}: record 1: got label 3, want a label 0…2, as in the training part`,
    );
  });

  it('refuses a single class', async () => {
    const folder = await trainAndTest();
    await addFile(join(folder, 'train-labels-idx1-ubyte'), labels(7, 7, 7, 7));
    expect(await refusal(openIdx(folder, [8, 8, 3]))).toContain('got only label 7, want at least 2 classes');
  });
});

describe('checkIdx', () => {
  it('says whether there is a test part', async () => {
    expect(await checkIdx(await trainAndTest())).toEqual({ hasTest: true });
  });

  it('refuses counts that differ', async () => {
    const folder = await trainAndTest();
    await addFile(join(folder, 't10k-labels-idx1-ubyte'), labels(0, 1, 2));
    const message = `${join(folder, 't10k-labels-idx1-ubyte')}: got 3 labels, want 2, as t10k-images-idx3-ubyte has images`;
    expect(await refusal(checkIdx(folder))).toBe(message);
    expect(await refusal(openIdx(folder, [8, 8, 3]))).toBe(message);
  });

  it('names what is missing of either part', async () => {
    const folder = await trainAndTest();
    await rm(join(folder, 'train-labels-idx1-ubyte'));
    await rm(join(folder, 't10k-images-idx3-ubyte'));
    const lines = (await refusal(checkIdx(folder))).split('\n');
    expect(lines).toEqual(
      ['train-labels-idx1-ubyte', 't10k-images-idx3-ubyte'].map(
        (name) => `${folder}: got no ${name} in this folder or behind this prefix, want ${name} or ${name}.gz`,
      ),
    );
  });
});
