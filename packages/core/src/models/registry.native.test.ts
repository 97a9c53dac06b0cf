import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { auditRegularizers } from '../regularization/audit.ts';
import { type TrialConfigInput, TrialConfigSchema } from '../sweep/trial-config.ts';
import { tf } from '../tensorflow.ts';
import { buildModel } from './registry.ts';

const folder = fileURLToPath(new URL('fixtures/user-models', import.meta.url));
const build = (config: TrialConfigInput) =>
  buildModel(v.parse(TrialConfigSchema, config), { inputShape: [16, 16, 1], classes: 4, seed: 1, folder });

describe('buildModel', () => {
  it('hands the configuration on to the built-in networks', async () => {
    const model = await build({ model: 'mobileNetV2', alpha: 0.35, l2: 0.01, batchNormEpsilon: 1e-5, stemStride: 1 });
    expect(model.outputs[0]!.shape).toEqual([null, 4]);
    expect(model.getLayer('Conv1').outputShape).toEqual([null, 16, 16, 16]);
    expect(model.getLayer('bn_Conv1').getConfig()).toMatchObject({ epsilon: 1e-5, momentum: 0.99 });
    expect(auditRegularizers(model)[0]).toMatchObject({ layer: 'Conv1', kind: 'kernel', l2: 0.01 });
    model.dispose();
  });

  it('leaves BatchNorm out of smallConvNet when asked to', async () => {
    const layers = async (batchNorm: boolean) => {
      const model = await build({ model: 'smallConvNet', batchNorm });
      const names = model.layers.slice(1).map((layer) => layer.name);
      model.dispose();
      return names;
    };
    const withNorm = await layers(true);
    expect(withNorm.filter((name) => name.startsWith('bn_'))).toEqual(['bn_1', 'bn_2', 'bn_3']);
    expect(await layers(false)).toEqual(withNorm.filter((name) => !name.startsWith('bn_')));
  });

  it("builds a user's own model", async () => {
    const model = await build({ model: './perceptron.mjs', l2: 1e-4 });
    expect(auditRegularizers(model).map((row) => row.l2)).toEqual([1e-4, 0, 1e-4, 0]);
    model.dispose();
  });

  it.each([
    ['resNet50', /got "resNet50", want mobileNetV2, smallConvNet, or the path/],
    ['toString', /want mobileNetV2, smallConvNet/],
    ['./nowhere.mjs', /there is no file .*nowhere\.mjs/],
    ['./no-builder.mjs', /which exports model, want an ES module that exports buildModel/],
    ['./broken.mjs', /broken\.mjs:1, which cannot be loaded: Error: broken at load/],
    ['./throws.mjs', /throws\.mjs:2: buildModel threw RangeError: too deep/],
    ['./no-model.mjs', /got \.\/no-model\.mjs: an Object, want a tf\.LayersModel/],
    ['./wrong-classes.mjs', /output shape \[, 5\], want \[null, 4\]/],
  ])('refuses %s', async (model, message) => {
    const before = tf.memory().numTensors;
    const error = await build({ model }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("keeps the user's own error as the cause", async () => {
    await expect(build({ model: './throws.mjs' })).rejects.toMatchObject({ cause: new RangeError('too deep') });
  });

  it('refuses λ > 0 on a model that it does not reach', async () => {
    await expect(build({ model: './unregularized.mjs', l2: 1e-3 })).rejects.toThrow(
      /puts no l2 penalty on any variable/,
    );
    const model = await build({ model: './unregularized.mjs' });
    model.dispose();
  });
});
