/** Entry point of the process that `l2bn plan --audit` starts: builds models with TensorFlow and reads their penalties. */
import { auditRegularizers, buildModel, loadDataset } from '@l2bn/core';
import { InputError } from '@l2bn/core/sweep';
import { answerRequest } from '../helper-process.ts';
import type { AuditAnswer, AuditRequest, AuditVariable } from './audit-messages.ts';

answerRequest(async ({ configs, baseDirectory, file }: AuditRequest): Promise<AuditAnswer> => {
  try {
    const models: AuditVariable[][] = [];
    for (const config of configs) models.push(await audit(config, baseDirectory, file));
    return { models };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { problems: error.problems.map((problem) => ({ file, ...problem })) };
  }
});

async function audit(
  config: AuditRequest['configs'][number],
  baseDirectory: string,
  file: string,
): Promise<AuditVariable[]> {
  const { shape, classes } = await loadDataset(config.data, { baseDirectory, file, path: 'config.data' });
  const model = await buildModel(config, {
    inputShape: shape,
    classes: classes.length,
    seed: 1,
    folder: baseDirectory,
  });
  try {
    return auditRegularizers(model).map(({ layer, kind, shape, trainable, l1, l2 }) => ({
      layer,
      kind,
      shape,
      trainable,
      l1,
      l2,
    }));
  } finally {
    model.dispose();
  }
}
