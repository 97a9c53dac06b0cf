import { count, formatBytes } from '../output/plan-text.ts';

/**
 * Where the trials of a sweep need more memory than is free, in a list of one line; else none. The estimate is an upper one.
 *
 * @param trialMemory Memory of one trial in bytes.
 * @param workers Trials at the same time.
 */
export function memoryWarnings({
  trialMemory,
  freeMemory,
  workers,
}: {
  trialMemory: number;
  freeMemory: number;
  workers: number;
}): string[] {
  const free = `${formatBytes(freeMemory)} are free`;
  if (trialMemory > freeMemory) {
    return [`not even one trial may fit into the memory: one takes up to ${formatBytes(trialMemory)}, ${free}`];
  }
  if (workers * trialMemory <= freeMemory) return [];
  const fitting = count(Math.floor(freeMemory / trialMemory), 'worker');
  const needed = formatBytes(workers * trialMemory);
  return [`${workers} workers may not fit into the memory: they take up to ${needed}, ${free}; ${fitting} would fit`];
}
