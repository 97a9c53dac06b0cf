import { mkdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCifar10, openCifar10 } from './cifar10.ts';
import { addFile, cifarRecord, refusal, testFolder } from './fixtures/test-data.ts';

/** Batches of two images each: `data_batch_n` holds labels n − 1 and n + 4, `test_batch` 9 and 0. */
function cifarFolder(): Promise<string> {
  const batches = [1, 2, 3, 4, 5].map((n) => [
    `data_batch_${n}.bin`,
    Buffer.concat([cifarRecord(n - 1, n, 10 * n, 40 * n), cifarRecord(n + 4, 0, 0, n)]),
  ]);
  const test = Buffer.concat([cifarRecord(9, 1, 2, 3), cifarRecord(0, 4, 5, 6)]);
  return testFolder({ ...Object.fromEntries(batches), 'test_batch.bin': test });
}

describe('openCifar10', () => {
  it('reads the batches in order and turns planes into pixels', async () => {
    const source = await openCifar10(await cifarFolder(), [32, 32, 3]);
    expect([...Array.from(source.train.labels)]).toEqual([0, 5, 1, 6, 2, 7, 3, 8, 4, 9]);
    expect([...Array.from(source.test?.labels ?? [])]).toEqual([9, 0]);
    expect(source.classes).toEqual([
      'airplane',
      'automobile',
      'bird',
      'cat',
      'deer',
      'dog',
      'frog',
      'horse',
      'ship',
      'truck',
    ]);

    const pixels = new Uint8Array(2 * 3072);
    await source.train.fill(Uint32Array.of(4, 1), pixels);
    expect([...pixels.subarray(0, 6)]).toEqual([3, 30, 120, 3, 30, 120]);
    expect([...pixels.subarray(3069, 3075)]).toEqual([3, 30, 120, 0, 0, 1]);
  });

  it('keeps rows and columns where they are', async () => {
    const folder = await cifarFolder();
    const record = new Uint8Array(3073);
    for (let byte = 0; byte < 3072; byte++) record[1 + byte] = (byte * 7 + (byte >> 8)) % 256;
    await addFile(join(folder, 'test_batch.bin'), record);
    const source = await openCifar10(folder, [32, 32, 3]);
    const pixels = new Uint8Array(3072);
    await source.test?.fill(Uint32Array.of(0), pixels);
    for (const [row, column, channel] of [
      [0, 1, 0],
      [5, 0, 1],
      [31, 30, 2],
      [17, 4, 2],
    ] as const) {
      expect(pixels[(row * 32 + column) * 3 + channel]).toBe(record[1 + channel * 1024 + row * 32 + column]);
    }
  });

  it('takes class names from batches.meta.txt', async () => {
    const folder = await cifarFolder();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    await addFile(join(folder, 'batches.meta.txt'), `${names.join('\r\n')}\r\n\r\n`);
    expect((await openCifar10(folder, [32, 32, 3])).classes).toEqual(names);
    await addFile(join(folder, 'batches.meta.txt'), 'a\nb\n');
    expect(await refusal(openCifar10(folder, [32, 32, 3]))).toBe(
      `${join(folder, 'batches.meta.txt')}: got 2 class names, want 10 different ones, one a line`,
    );
  });

  it('names the file and record of a label above 9', async () => {
    const folder = await cifarFolder();
    const file = join(folder, 'data_batch_4.bin');
    await addFile(file, Buffer.concat([cifarRecord(9, 0, 0, 0), cifarRecord(10, 0, 0, 0)]));
    expect(await refusal(openCifar10(folder, [32, 32, 3]))).toBe(
      `${file}: record 1 (byte 3073): got label 10, want a label 0…9`,
    );
  });
});

describe('checkCifar10', () => {
  it('passes whole batches', async () => {
    await checkCifar10(await cifarFolder());
  });

  it('names every missing, truncated and empty file', async () => {
    const folder = await cifarFolder();
    await truncate(join(folder, 'data_batch_2.bin'), 3000);
    await truncate(join(folder, 'test_batch.bin'), 0);
    const five = await testFolder();
    const want = 'want a multiple of 3073 bytes (label + 32×32 pixels × 3), at least one record';
    expect(await refusal(checkCifar10(folder))).toBe(
      `${join(folder, 'data_batch_2.bin')}: got 3000 bytes, ${want}\n${join(folder, 'test_batch.bin')}: got 0 bytes, ${want}`,
    );
    await mkdir(join(five, 'data_batch_1.bin'));
    expect((await refusal(checkCifar10(five))).split('\n')).toHaveLength(6);
    expect(await refusal(checkCifar10(five))).toContain(
      `${join(five, 'test_batch.bin')}: got no such file, want a batch of the binary version of CIFAR-10`,
    );
  });
});
