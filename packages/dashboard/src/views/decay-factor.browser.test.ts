import { beforeEach, expect, it } from 'vitest';
import { mount, type PageFixture, pageFixture } from '../fixtures/page-fixture.ts';
import { makePlan } from '../fixtures/plans.ts';
import { recordSweep } from '../fixtures/record-sweep.ts';
import './inspector.ts';
import './trials-table.ts';
import './weights.ts';

/** By optimizer: without λ, with one that halves in 3466 steps, and with one that overshoots zero. */
const plan = makePlan({
  name: 'optimizers',
  axes: [
    { key: 'optimizer', scale: 'list', values: ['adamw', 'adam'] },
    { key: 'l2', scale: 'list', values: [0, 1e-3, 10] },
  ],
  config: { batchNorm: false, epochs: 2 },
});
const sweep = { plan, events: recordSweep(plan) };
let model: PageFixture;

beforeEach(() => {
  model = pageFixture(sweep, 1);
});

const textOf = (root: ParentNode, selector: string): string[] =>
  [...root.querySelectorAll(selector)].map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim());

it('stands in the table of trials where the penalty alone makes one of it', async () => {
  const table = await mount('l2bn-trials-table', model);
  const column = textOf(table.renderRoot, 'thead th').indexOf('1 − 2ηλ') + 1;
  expect(textOf(table.renderRoot, `tbody tr[data-trial] td:nth-child(${column})`)).toEqual([
    '1',
    '0.9998',
    '−1',
    '1',
    '–',
    '–',
  ]);
});

it('stands above the weights, or else the optimizer', async () => {
  model.selection.select(plan.trials.map(({ id }) => id));
  const weights = await mount('l2bn-weights', model);
  expect(textOf(weights.renderRoot, '.factor')).toEqual([
    '1 − 2ηλ = 1 per step',
    '1 − 2ηλ = 0.9998 per step',
    '1 − 2ηλ = −1 per step',
    '1 − 2ηλ = 1 per step',
    'adam',
    'adam',
  ]);
});

it.each([
  [0, ['decay per step, 1 − 2ηλ1']],
  [1, ['decay per step, 1 − 2ηλ0.9998', 'halves a weight in3\u202f466 steps', 'in PyTorch, weight_decay = 2λ2e-3']],
  [2, ['decay per step, 1 − 2ηλ−1', 'in PyTorch, weight_decay = 2λ20']],
  [3, ['decay per step, 1 − 2ηλ1']],
  [4, ['in PyTorch, weight_decay = 2λ2e-3']],
])('stands in the inspector, with the steps that halve a weight where they do: trial %d', async (index, facts) => {
  model.selection.select([plan.trials[index]!.id]);
  const inspector = await mount('l2bn-inspector', model);
  const shown = inspector.renderRoot.querySelector('dl.facts:not(.swept)')!;
  const told = [...shown.children].map(({ textContent }) => textContent.trim());
  expect(told.filter((fact) => !fact.startsWith('final weights'))).toEqual(facts);
});
