import { formatStrength, type TrialConfig } from '@l2bn/core/sweep';
import { textTable } from '../../report/text-table.ts';
import { count } from '../output/plan-text.ts';
import type { AuditVariable } from './inspection.ts';

/** Which variables of a model really receive λ. */
export interface ModelAudit {
  model: string;
  batchNorm: boolean;
  /** λ that the model was built with: the largest of its cells. */
  l2: number;
  variables: AuditVariable[];
}

export const modelAudits = (configs: readonly TrialConfig[], models: readonly AuditVariable[][]): ModelAudit[] =>
  configs.map(({ model, batchNorm, l2 }, index) => ({ model, batchNorm, l2, variables: models[index]! }));

/** `mobileNetV2, BN: λ reaches 54 of 262 variables: every kernel and the bias of predictions`. */
export function auditLine({ model, batchNorm, l2, variables }: ModelAudit): string {
  const name = `${model}, ${batchNorm ? 'BN' : 'no BN'}`;
  if (l2 === 0) return `${name}: λ is 0 in every cell`;
  const reached = variables.filter((variable) => variable.l2 > 0);
  return `${name}: λ reaches ${reached.length} of ${count(variables.length, 'variable')}: ${reachedKinds(variables)}`;
}

/**
 * Models of the user's own that come out alike with Batch Normalization and without, so that half of the sweep says nothing: a
 * line each. Layers are told by their variables; their names are counted on from model to model.
 */
export function modelsWithoutBatchNorm(audits: readonly ModelAudit[]): string[] {
  const shapesOf = ({ variables }: ModelAudit) =>
    JSON.stringify(variables.map(({ kind, shape, trainable }) => [kind, shape, trainable]));
  return audits
    .filter(({ batchNorm }) => batchNorm)
    .filter((audit) =>
      audits.some(({ model, batchNorm }, i) => {
        return model === audit.model && !batchNorm && shapesOf(audits[i]!) === shapesOf(audit);
      }),
    )
    .map(({ model }) => `batchNorm seems to have no effect on ${model}: it has the same variables with it and without`);
}

/** `every kernel and the bias of Logits`; `2 of 5 kernels`. */
function reachedKinds(variables: readonly AuditVariable[]): string {
  const kinds = new Map<string, { reached: AuditVariable[]; all: number }>();
  for (const variable of variables) {
    const kind = variable.kind.endsWith('kernel') ? 'kernel' : variable.kind;
    const group = kinds.get(kind) ?? { reached: [], all: 0 };
    group.all++;
    if (variable.l2 > 0) group.reached.push(variable);
    kinds.set(kind, group);
  }
  const parts = [...kinds]
    .filter(([, { reached }]) => reached.length > 0)
    .map(([kind, { reached, all }]) => {
      if (reached.length === 1) return `the ${kind} of ${reached[0]!.layer}`;
      return reached.length === all ? `every ${kind}` : `${reached.length} of ${all} ${kind}s`;
    });
  return parts.join(', ').replace(/, (?=[^,]*$)/, ' and ');
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
export function auditTable(audit: ModelAudit): string {
  const { l2, variables } = audit;
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
  return `${auditLine(audit)}${l2 === 0 ? '' : ` (at λ = ${formatStrength(l2)})`}\n${table}`;
}

const ends = (layers: string[]): string => (layers.length === 1 ? layers[0]! : `${layers[0]!} … ${layers.at(-1)!}`);
