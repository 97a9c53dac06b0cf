import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDataConfig } from './check-data-config.ts';
import { addFile, cifarRecord, dataConfig, idxFile, refusal, testFolder } from './fixtures/test-data.ts';
import { loadDataset } from './load-dataset.ts';

const place = { file: 'sweep.yaml', baseDirectory: '/nowhere' };
const check = (input: Parameters<typeof dataConfig>[0], options: Parameters<typeof checkDataConfig>[1] = place) =>
  refusal(checkDataConfig(dataConfig(input), options));

describe('checkDataConfig', () => {
  it('passes what needs no files', async () => {
    await checkDataConfig(dataConfig({}), place);
    await checkDataConfig(dataConfig({ source: 'synthetic', classes: 4, images: 8 }), place);
  });

  it.each([
    ['folder', 'the folder that holds one folder of images a class'],
    ['cifar10', 'the folder that holds data_batch_1.bin … data_batch_5.bin and test_batch.bin'],
    ['idx', 'the folder that holds train-images-idx3-ubyte and the like, or a file prefix'],
  ] as const)('asks for the path of %s', async (source, want) => {
    expect(await check({ source })).toBe(`sweep.yaml: data.path: got no path for source ${source}, want ${want}`);
    expect(await check({ source, path: 'not/there' })).toBe(
      `sweep.yaml: data.path: got "not/there" (no such folder: /nowhere/not/there), want ${want}`,
    );
  });

  it('tells a file from a folder', async () => {
    const folder = await testFolder({ 'images.zip': 'x' });
    const message = await check(
      { source: 'folder', path: 'images.zip' },
      { baseDirectory: folder, path: 'cells[1].data' },
    );
    expect(message).toContain(`cells[1].data.path: got "images.zip" (a file: ${join(folder, 'images.zip')})`);
  });

  it('refuses keys of another source, which would be passed over in silence', async () => {
    expect(await check({ path: 'my/images', classes: 3, images: 9 })).toBe(
      [
        'sweep.yaml: data.path: got "my/images" for source digits, want no path, or another source',
        'sweep.yaml: data.classes: got 3 for source digits, want it for source synthetic only',
        'sweep.yaml: data.images: got 9 for source digits, want it for source synthetic only',
      ].join('\n'),
    );
  });

  it('refuses too few synthetic images', async () => {
    expect(await check({ source: 'synthetic', images: 19 })).toBe(
      'sweep.yaml: data.images: got 19 for 10 classes, want at least 2 a class',
    );
  });

  it('refuses `validation: test` without a test part', async () => {
    const want = 'want a share of the images, such as 0.2';
    expect(await check({ validation: 'test' })).toBe(
      `sweep.yaml: data.validation: got "test" for digits data without a test part, ${want}`,
    );
    const folder = await testFolder({ 'a/1.png': 'x', 'b/1.png': 'x' });
    expect(await check({ source: 'folder', path: '.', validation: 'test' }, { baseDirectory: folder })).toBe(
      `data.validation: got "test" for folder data without a test part, ${want}`,
    );
  });

  it('finds the layout, sizes and headers of each source wrong', async () => {
    const folder = await testFolder({
      'pictures/a/1.png': 'x',
      'cifar/data_batch_1.bin': cifarRecord(0, 1, 2, 3).subarray(0, 3000),
      'mnist/train-images-idx3-ubyte': idxFile([1, 1, 1], [0, 0]),
      'mnist/train-labels-idx1-ubyte': idxFile([1], [0]),
    });
    const options = { baseDirectory: join(folder, 'mnist') };
    expect(await check({ source: 'folder', path: '../pictures' }, options)).toContain('got only the class folder a');
    expect(await check({ source: 'cifar10', path: '../cifar' }, options)).toContain('got 3000 bytes');
    expect(await check({ source: 'idx', path: '.' }, options)).toContain('got 18 bytes, want 17 bytes');
    expect(await check({ source: 'idx', path: 'absent' }, options)).toContain(
      `${join(folder, 'mnist/absent')}: got no train-images-idx3-ubyte in this folder or behind this prefix`,
    );
  });

  it('passes good files by absolute and by relative path, with a test part where there is one', async () => {
    const folder = await testFolder({ 'train/a/1.png': 'x', 'train/b/1.png': 'x', 'test/a/1.png': 'x' });
    await addFile(join(folder, 'test/b/1.jpg'), 'x');
    const config = (path: string) => dataConfig({ source: 'folder', path, validation: 'test' });
    await checkDataConfig(config(folder), place);
    await checkDataConfig(config(basename(folder)), { baseDirectory: dirname(folder) });
  });

  it('loads no TensorFlow, and neither does loading data that is not in image files', async () => {
    await import('./index.ts');
    await loadDataset(dataConfig({ source: 'synthetic', imageSize: 8, images: 20 }), place);
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    expect(loaded.filter((file) => file.includes('tensorflow'))).toEqual([]);
  });
});
