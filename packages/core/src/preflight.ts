/**
 * What a plan is made with, and what can be refused before anything starts, without loading TensorFlow:
 * `@l2bn/core/preflight`.
 */
export { checkDataConfig, type DataOptions } from './data/check-data-config.ts';
export { hashSeed, Random } from './data/random.ts';
export { checkModelReference, isBuiltIn } from './models/model-reference.ts';
