import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../command-line.mjs';
import { parseOptions } from '../options.mjs';
import { median, spreadOf } from './statistics.mjs';
import { summarise } from './summary.mjs';
import { tableOf } from './table.mjs';

/**
 * @param {'graph' | 'layers'} contestant
 * @param {string} name
 * @param {number} imagesPerSecond
 * @returns {import('../race.mjs').Measurement}
 */
const measurement = (contestant, name, imagesPerSecond) => ({
  setting: { contestant, name, program: '', script: '', processes: 1, env: {}, config: {} },
  imagesPerSecond,
  steps: 10,
  seconds: 1,
  ready: { parameters: 5, penalty: 1, loss: 2, version: 'v' },
  othersCores: 0.25,
});

const ROUNDS = [
  [measurement('graph', 'only', 100), measurement('layers', 'slow', 5), measurement('layers', 'fast', 20)],
  [measurement('graph', 'only', 60), measurement('layers', 'fast', 10)],
  [measurement('graph', 'only', 90), measurement('layers', 'fast', 30)],
];

describe('statistics', () => {
  it('takes the middle of an odd number, the mean of the two in the middle of an even one', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.equal(median([7]), 7);
    assert.ok(Number.isNaN(median([])));
    assert.deepEqual(spreadOf([3, 1, 2]), { median: 2, min: 1, max: 3 });
  });
});

describe('summarise', () => {
  const [graph, layers] = summarise(ROUNDS, 1);

  it("gives a contestant the median of its fastest setting's rounds", () => {
    assert.equal(layers?.imagesPerSecond, 20);
    assert.deepEqual([layers?.min, layers?.max, layers?.setting], [10, 30, 'fast']);
    assert.deepEqual(
      layers?.settings.map(({ setting, rounds }) => [setting, rounds]),
      [
        ['fast', [20, 10, 30]],
        ['slow', [5]],
      ],
    );
  });

  it('compares within a round, not the medians of all', () => {
    assert.deepEqual(layers?.graphIsTimes, { median: 5, min: 3, max: 6 });
    assert.deepEqual(graph?.graphIsTimes, { median: 1, min: 1, max: 1 });
  });
});

describe('disturbed measurements', () => {
  /** @type {(imagesPerSecond: number, othersCores: number) => import('../race.mjs').Measurement} */
  const layers = (imagesPerSecond, othersCores) => ({ ...measurement('layers', 'x', imagesPerSecond), othersCores });

  it('do not count beside a calm one of the same setting', () => {
    const rounds = [[layers(10, 0.9)], [layers(20, 0.1)], [layers(22, 0.05)]];
    const [summary] = summarise(rounds, 0.2);
    assert.deepEqual(summary?.settings[0]?.rounds, [20, 22]);
    assert.equal(summary?.imagesPerSecond, 21);
  });

  it('count where there are no others', () => {
    const [summary] = summarise([[layers(10, 0.9)], [layers(20, 0.8)]], 0.2);
    assert.deepEqual(summary?.settings[0]?.rounds, [10, 20]);
  });
});

describe('the table', () => {
  it('has a line for each contestant, and for each other setting', () => {
    const table = tableOf({ 32: summarise(ROUNDS, 1) }, 2);
    assert.match(table, /^graph +90\.0 +\(60\.0 – 100\) +1\.00 × /m);
    assert.match(table, /^layers +20\.0 +\(10\.0 – 30\.0\) +5\.00 × +\(3\.00 – 6\.00\) +5 +0\.25 +fast/m);
    assert.match(table, /also layers, slow: 5\.00 \(one round\)/);
  });
});

describe('the command line', () => {
  it('has engines alone by default, peers where asked', () => {
    assert.deepEqual(parseOptions([]), {
      contestants: ['graph', 'layers'],
      sizes: [32, 96],
      seconds: 10,
      rounds: 3,
      calm: Number.POSITIVE_INFINITY,
      machine: false,
      json: false,
    });
    const options = parseOptions(['--peers', 'pytorch,keras', '--sizes', '64', '--json']);
    assert.ok(options !== 'help');
    assert.deepEqual(options.contestants, ['graph', 'layers', 'keras', 'pytorch']);
    assert.deepEqual([options.sizes, options.json], [[64], true]);
  });

  for (const args of [
    ['--peers', 'jax'],
    ['--sizes', '40'],
    ['--sizes', ''],
    ['--seconds', '0'],
    ['--rounds', '1.5'],
    ['--rounds', 'many'],
    ['--calm=-1'],
  ]) {
    it(`refuses ${args.join(' ')}`, () => assert.throws(() => parseOptions(args), UsageError));
  }
});
