import { formatStrength, InputError, type SweepPlan } from '@l2bn/core/sweep';
import { distinctModels } from '../../plan/distinct-models.ts';
import { textTable } from '../../report/text-table.ts';
import { askHelper } from '../helper-process.ts';
import { count } from '../plan-text.ts';
import type { AuditAnswer, AuditRequest, AuditVariable } from './audit-messages.ts';

export interface ModelAudit {
  model: string;
  batchNorm: boolean;
  /** λ that the model was built with: the largest of its cells. */
  l2: number;
  variables: AuditVariable[];
}

/**
 * Which variables of each model of a plan, with Batch Normalization and without, really receive λ. Builds the models, in a
 * process of their own.
 *
 * @throws InputError for models and data that cannot be used, and for a λ that reaches nothing.
 */
export async function auditPlan(plan: SweepPlan, baseDirectory: string, file: string): Promise<ModelAudit[]> {
  const configs = distinctModels(plan);
  const answer = await askHelper<AuditRequest, AuditAnswer>(new URL('./audit-models.js', import.meta.url), {
    configs,
    baseDirectory,
    file,
  });
  if ('problems' in answer) throw new InputError(...answer.problems);
  return configs.map(({ model, batchNorm, l2 }, i) => ({ model, batchNorm, l2, variables: answer.models[i]! }));
}

interface Group {
  kind: string;
  trainable: boolean;
  l1: number;
  l2: number;
  layers: string[];
  weights: number;
}

/** One table a model: its variables, those of one kind and one λ on one line. */
export function auditText({ model, batchNorm, l2, variables }: ModelAudit): string {
  const groups = new Map<string, Group>();
  for (const { layer, kind, shape, trainable, l1, l2 } of variables) {
    const key = JSON.stringify([kind, trainable, l1, l2]);
    const group = groups.get(key) ?? { kind, trainable, l1, l2, layers: [], weights: 0 };
    group.layers.push(layer);
    group.weights += shape.reduce((product, size) => product * size, 1);
    groups.set(key, group);
  }
  const hasL1 = variables.some(({ l1 }) => l1 > 0);
  const table = textTable<Group>(
    [
      { title: 'variable', align: 'left', text: ({ kind, trainable }) => (trainable ? kind : `${kind} (not trained)`) },
      { title: 'λ (l2)', align: 'right', text: (group) => (group.l2 === 0 ? '–' : formatStrength(group.l2)) },
      ...(hasL1
        ? [{ title: 'l1', align: 'right' as const, text: (group: Group) => (group.l1 === 0 ? '–' : String(group.l1)) }]
        : []),
      { title: 'layers', align: 'right', text: ({ layers }) => String(layers.length) },
      { title: 'weights', align: 'right', text: ({ weights }) => weights.toLocaleString('en-US') },
      { title: 'first … last', align: 'left', text: ({ layers }) => ends(layers) },
    ],
    [...groups.values()],
  );
  const reached = variables.filter((variable) => variable.l2 > 0).length;
  const what =
    l2 === 0
      ? 'λ is 0 in every cell'
      : `λ = ${formatStrength(l2)} reaches ${reached} of ${count(variables.length, 'variable')}`;
  return `${model}, ${batchNorm ? 'BN' : 'no BN'}: ${what}\n${table}`;
}

const ends = (layers: string[]): string => (layers.length === 1 ? layers[0]! : `${layers[0]!} … ${layers.at(-1)!}`);
