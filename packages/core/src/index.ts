/** Models, data, callbacks and training of l2bn. Needs tfjs-node; see `@l2bn/core/theory` and `/sweep` for what does not. */
export * from './data/dataset.ts';
export * from './input-error.ts';
export * from './training/train-step.ts';
