import { expect, it, onTestFinished } from 'vitest';
import { findCifar10Images } from './fixtures/cifar10-images.ts';
import { dataConfig } from './fixtures/test-data.ts';
import { loadDataset } from './load-dataset.ts';

const cifar10 = findCifar10Images();

if (!cifar10.found) it.skip(`loads 60,000 JPEG files (CIFAR-10) [skipped: ${cifar10.why}]`, () => {});
else {
  it('loads 60,000 JPEG files (CIFAR-10)', async () => {
    const { folder, close } = cifar10.open();
    onTestFinished(close);
    const config = dataConfig({ source: 'folder', path: folder });
    const { classes, train, validation, shape } = await loadDataset(config, { baseDirectory: '/' });
    expect([classes.length, train.count, validation.count, shape]).toEqual([10, 50_000, 10_000, [32, 32, 3]]);
    for (const [part, each] of [
      [train, 5_000],
      [validation, 1_000],
    ] as const) {
      for (let label = 0; label < 10; label++) expect(part.labels.filter((value) => value === label).length).toBe(each);
    }
    // The channel means of CIFAR-10's training images that everyone normalises by: 0.4914, 0.4822, 0.4465.
    const sums = [0, 0, 0];
    for (let at = 0; at < train.pixels.length; at++)
      sums[at % 3] = (sums[at % 3] as number) + (train.pixels[at] as number);
    const means = sums.map((sum) => (sum * 3) / train.pixels.length / 255);
    [0.4914, 0.4822, 0.4465].forEach((mean, channel) => {
      expect(Math.abs((means[channel] as number) - mean)).toBeLessThan(0.0005);
    });
  });
}
