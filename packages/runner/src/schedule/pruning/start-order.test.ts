import { describe, expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { impartialOrder } from './start-order.ts';

const sweep = (l2: number[], seeds = 10) =>
  planOf({ name: 'order', config: {}, axes: { batchNorm: [true, false], l2 }, seeds }).trials;
const ids = (trials: readonly { id: string }[]) => trials.map(({ id }) => id);

describe('impartialOrder', () => {
  it('has every trial once, in an order that the plan does not set', () => {
    const trials = sweep([0, 1e-4, 1e-3, 1e-2]);
    const order = ids(impartialOrder(trials));
    expect([...order].sort()).toEqual(ids(trials).sort());
    expect(order).not.toEqual(ids(trials));
    expect(ids(impartialOrder(trials.toReversed()))).toEqual(order);
  });

  it('mixes the values: no axis value has the first places to itself', () => {
    const trials = sweep([0, 1e-4, 1e-3, 1e-2]);
    const first = impartialOrder(trials).slice(0, 20);
    expect(new Set(first.map(({ cell }) => cell)).size).toBeGreaterThan(6);
  });

  it('keeps the order of those there are when others are added', () => {
    const few = ids(impartialOrder(sweep([0, 1e-3])));
    const more = ids(impartialOrder(sweep([0, 1e-4, 1e-3], 12)));
    expect(more.filter((id) => few.includes(id))).toEqual(few);
  });
});
