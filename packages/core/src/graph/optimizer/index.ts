import type { OptimizerName } from '../../sweep/trial-config.ts';
import { adam, adamw } from './adam.ts';
import { momentum, nesterov, sgdw } from './momentum.ts';
import type { OptimizerLowering } from './optimizer.ts';
import { sgd } from './sgd.ts';

export const OPTIMIZER_LOWERINGS: Readonly<Record<OptimizerName, OptimizerLowering>> = {
  adam,
  adamw,
  momentum,
  nesterov,
  sgd,
  sgdw,
};
