import { describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { memoryLimit, sharedImageSets } from './shared-memory.ts';

const place = { file: 'sweep.yaml', path: 'data' };

describe('sharedImageSets', () => {
  it('lies on SharedArrayBuffers, with labels as wide as the classes need', () => {
    const { train, validation } = sharedImageSets({ train: 3, validation: 2 }, [4, 4, 3], 256, place);
    expect([train.count, train.pixels.length, validation.pixels.length]).toEqual([3, 144, 96]);
    for (const { buffer } of [train.pixels, train.labels, validation.pixels, validation.labels]) {
      expect(buffer).toBeInstanceOf(SharedArrayBuffer);
    }
    expect(train.labels).toBeInstanceOf(Uint8Array);
    expect(sharedImageSets({ train: 3, validation: 2 }, [4, 4, 3], 257, place).train.labels).toBeInstanceOf(
      Uint16Array,
    );
  });

  it('refuses both parts together when they pass the limit', () => {
    const mebibyte = 2 ** 20;
    const sets = (limit: number) => () =>
      sharedImageSets({ train: 3, validation: 1 }, [1024, 1024, 1], 2, place, limit);
    expect(sets(4 * mebibyte)).not.toThrow();
    expect(sets(4 * mebibyte - 1)).toThrow(
      new InputError({
        file: 'sweep.yaml',
        path: 'data.imageSize',
        got: '4 images of 1024×1024×1 bytes, 4 MiB in all',
        want: 'at most 4 MiB: a smaller imageSize, or a limit on the images',
      }),
    );
  });

  it('refuses more than an array can hold', () => {
    const sets = () => sharedImageSets({ train: 2 ** 30, validation: 1 }, [2 ** 14, 2 ** 14, 3], 2, place, Infinity);
    expect(sets).toThrow(InputError);
    expect(sets).toThrow(/want what one array of this version of Node holds/);
  });

  it('knows a limit on this machine', () => {
    expect(memoryLimit()).toBeGreaterThan(2 ** 26);
    expect(memoryLimit()).toBeLessThan(2 ** 50);
  });
});
