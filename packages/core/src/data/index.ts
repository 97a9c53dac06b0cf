/** Data of l2bn: loading, checking, splitting, batches. Loads TensorFlow only to decode the files of an image folder. */
export * from '../input-error.ts';
export * from './batches.ts';
export { checkDataConfig, type DataOptions } from './check-data-config.ts';
export * from './dataset.ts';
export * from './load-dataset.ts';
export * from './random.ts';
