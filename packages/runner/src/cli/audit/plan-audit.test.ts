import { describe, expect, it } from 'vitest';
import type { AuditVariable } from './inspection.ts';
import { auditLine, auditTable, modelsWithoutBatchNorm } from './plan-audit.ts';

const variable = (layer: string, kind: string, l2: number, shape = [2, 3]): AuditVariable => ({
  layer,
  kind,
  shape,
  trainable: true,
  l1: 0,
  l2,
});
const MODEL = { model: 'net', batchNorm: true, l2: 1e-3 };

describe('auditLine', () => {
  it.each([
    [
      [
        variable('a', 'kernel', 1),
        variable('b', 'depthwise_kernel', 1),
        variable('b', 'gamma', 0),
        variable('c', 'bias', 1),
      ],
      'λ reaches 3 of 4 variables: every kernel and the bias of c',
    ],
    [
      [variable('a', 'kernel', 1), variable('b', 'kernel', 1), variable('c', 'kernel', 0)],
      'λ reaches 2 of 3 variables: 2 of 3 kernels',
    ],
    [[variable('a', 'kernel', 1)], 'λ reaches 1 of 1 variable: the kernel of a'],
    [
      ['kernel', 'bias', 'gamma'].flatMap((kind) => [variable('a', kind, 1), variable('b', kind, 1)]),
      'λ reaches 6 of 6 variables: every kernel, every bias and every gamma',
    ],
  ])('names what λ reaches', (variables, text) => {
    expect(auditLine({ ...MODEL, variables })).toBe(`net, BN: ${text}`);
  });

  it('says that there is no λ', () => {
    const variables = [variable('a', 'kernel', 0)];
    expect(auditLine({ ...MODEL, batchNorm: false, l2: 0, variables })).toBe('net, no BN: λ is 0 in every cell');
  });
});

it('auditTable puts variables of one kind and λ on one line', () => {
  const variables = [variable('a', 'kernel', 1e-3), variable('b', 'kernel', 1e-3, [4]), variable('b', 'gamma', 0)];
  expect(auditTable({ ...MODEL, variables }).split('\n')).toEqual([
    'net, BN: λ reaches 2 of 3 variables: every kernel (at λ = 1e-3)',
    expect.stringMatching(/^variable/),
    expect.any(String),
    expect.stringMatching(/^kernel +1e-3 +2 +10 +a … b/),
    expect.stringMatching(/^gamma +– +1 +6 +b/),
  ]);
});

it('names a model whose variables are the same with Batch Normalization and without', () => {
  const auditOf = (model: string, batchNorm: boolean, variables: AuditVariable[]) => ({
    model,
    batchNorm,
    l2: 0,
    variables,
  });
  const norm = variable('bn', 'gamma', 0);
  const audits = [
    auditOf('./net.mjs', true, [variable('dense_1', 'kernel', 1)]),
    auditOf('./net.mjs', false, [variable('dense_2', 'kernel', 0)]),
    auditOf('./good.mjs', true, [variable('dense_3', 'kernel', 1), norm]),
    auditOf('./good.mjs', false, [variable('dense_4', 'kernel', 1)]),
    auditOf('./alone.mjs', true, [norm]),
  ];
  expect(modelsWithoutBatchNorm(audits)).toEqual([
    'batchNorm seems to have no effect on ./net.mjs: it has the same variables with it and without',
  ]);
});
