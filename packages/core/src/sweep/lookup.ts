import type { Cell, SweepPlan } from './plan.ts';
import type { SweepState, TrialState } from './state.ts';

/** Made when first asked for; a plan and a state keep the same cells and trials for life. */
const cellIndexes = new WeakMap<SweepPlan, Map<string, Cell>>();
const trialIndexes = new WeakMap<SweepState, Map<string, TrialState>>();

/** A cell by its id, in constant time however large the sweep. */
export const cellOf = (plan: SweepPlan, id: string): Cell | undefined => indexed(cellIndexes, plan, plan.cells).get(id);

/** A trial by its id, in constant time however large the sweep. */
export const trialOf = (state: SweepState, id: string): TrialState | undefined =>
  indexed(trialIndexes, state, state.trials).get(id);

function indexed<Owner extends object, Item extends { id: string }>(
  indexes: WeakMap<Owner, Map<string, Item>>,
  owner: Owner,
  items: readonly Item[],
): Map<string, Item> {
  let index = indexes.get(owner);
  if (index === undefined) {
    index = new Map(items.map((item) => [item.id, item]));
    indexes.set(owner, index);
  }
  return index;
}
