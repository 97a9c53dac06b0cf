import type { LayerTranslation } from './layer-call.ts';

interface BatchNormalizationFields {
  axis: number;
  momentum: number;
  epsilon: number;
  scale: boolean;
  center: boolean;
}

/** `BatchNormalization` over the last axis. */
export const translateBatchNormalization: LayerTranslation = (call) => {
  const { axis, momentum, epsilon, scale, center } = call.fields<BatchNormalizationFields>();
  const rank = call.inputShape.length;
  call.refuseWhen(axis !== -1 && axis !== rank - 1, { got: `axis ${axis}`, want: 'the last axis' });
  call.refuseWhen(rank !== 2 && rank !== 4, {
    got: `an input of rank ${rank}`,
    want: '[batch, features] or [batch, height, width, channels]',
  });
  const weights = {
    ...(scale ? { gamma: call.weight('gamma') } : {}),
    ...(center ? { beta: call.weight('beta') } : {}),
    movingMean: call.statistic('movingMean', momentum),
    movingVariance: call.statistic('movingVariance', momentum),
  };
  return call.emit('batchNorm', { epsilon, movingVariance: call.movingVariance }, { weights });
};
