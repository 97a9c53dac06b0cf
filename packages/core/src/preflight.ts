/** What can be refused before anything starts, without loading TensorFlow: `@l2bn/core/preflight`. */
export { checkDataConfig, type DataOptions } from './data/check-data-config.ts';
export { checkModelReference } from './models/model-reference.ts';
