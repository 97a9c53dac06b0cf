import { expect, it } from 'vitest';
import { memoryWarnings } from './memory-warning.ts';

const GIB = 2 ** 30;

it('warns where not even one trial fits, or not as many as are asked for', () => {
  expect(memoryWarnings({ trialMemory: 80 * GIB, freeMemory: 23 * GIB, workers: 1 })).toEqual([
    'not even one trial may fit into the memory: one takes up to 80 GiB, 23 GiB are free',
  ]);
  expect(memoryWarnings({ trialMemory: 10 * GIB, freeMemory: 23 * GIB, workers: 4 })).toEqual([
    '4 workers may not fit into the memory: they take up to 40 GiB, 23 GiB are free; 2 workers would fit',
  ]);
  expect(memoryWarnings({ trialMemory: GIB, freeMemory: 4 * GIB, workers: 4 })).toEqual([]);
});
