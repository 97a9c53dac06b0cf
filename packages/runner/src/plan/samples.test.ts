import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { planOf } from '../fixtures/plans.ts';
import { Ledger } from '../ledger/ledger.ts';
import { readLedger } from '../ledger/read-ledger.ts';
import type { SweepFileInput } from './sweep-file.ts';

const jointly = (count: number, seed = 0): SweepFileInput => ({
  name: 'joint',
  axes: { batchNorm: [true, false] },
  samples: {
    count,
    seed,
    axes: { learningRate: { logUniform: [1e-3, 1] }, l2: { logUniform: [1e-6, 1e-2], zero: 0.1 } },
  },
});
const alone = (samples: number): SweepFileInput => ({
  name: 'alone',
  axes: { l2: { logUniform: [1e-6, 1e-2], samples, zero: true } },
});

/** What the first release has: a sweep can only grow while these stay. */
const KEPT = {
  alone: [0, 0.00000158447, 0.0000952218, 0.000250163, 0.0047115],
  joint: [
    { learningRate: 0.0640954, l2: 0.0000146382, batchNorm: true },
    { learningRate: 0.0640954, l2: 0.0000146382, batchNorm: false },
    { learningRate: 0.00160945, l2: 0.0000687102, batchNorm: true },
    { learningRate: 0.00160945, l2: 0.0000687102, batchNorm: false },
  ],
};

describe('a sampled axis', () => {
  it('has its values in order, with an exact 0 in front, one in each part of the range', () => {
    const [axis] = planOf(alone(8)).axes;
    expect(axis).toMatchObject({ key: 'l2', scale: 'log' });
    expect(axis?.values).toHaveLength(9);
    expect(axis?.values[0]).toBe(0);
    const octants = axis!.values.slice(1).map((value) => Math.floor((Math.log10(Number(value)) + 6) * 2));
    expect(octants).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('differs from the same axis of another key or seed', () => {
    const values = (key: string, seed: number) =>
      planOf({ name: 'x', axes: { [key]: { uniform: [0.1, 0.9], samples: 4, seed } } }).axes[0]?.values;
    expect(values('l2', 0)).not.toEqual(values('l2', 1));
    expect(values('l2', 0)).not.toEqual(values('learningRate', 0));
    expect(values('l2', 7)).toEqual(values('l2', 7));
  });

  it('has each whole number once, however many samples', () => {
    const axes = { batchSize: { uniform: [8, 11] as [number, number], samples: 50, integer: true } };
    expect(planOf({ name: 'x', axes }).axes[0]?.values).toEqual([8, 9, 10, 11]);
  });

  it('keeps its values where the machine, the Node version and the release change', () => {
    expect(planOf(alone(4)).axes[0]?.values).toEqual(KEPT.alone);
    expect(planOf(jointly(2)).cells.map(({ values }) => values)).toEqual(KEPT.joint);
  });
});

describe('joint samples', () => {
  it('runs each point with every combination of the axes, side by side', () => {
    const plan = planOf(jointly(8));
    expect(plan.cells).toHaveLength(16);
    for (let i = 0; i < 16; i += 2) {
      const [on, off] = [plan.cells[i]!.values, plan.cells[i + 1]!.values];
      expect({ ...on, batchNorm: false }).toEqual(off);
    }
    expect(plan.axes.map(({ key, scale }) => [key, scale])).toEqual([
      ['learningRate', 'log'],
      ['l2', 'log'],
      ['batchNorm', 'boolean'],
    ]);
  });

  it('is spread evenly over the plane: every box of a fair share has its point', () => {
    const axes = { momentum: { uniform: [0, 0.5] }, l2: { uniform: [0, 1] } } as const;
    const plan = planOf({ name: 'x', samples: { count: 16, axes: structuredClone(axes) as never } });
    const boxes = plan.cells.map(({ config }) => `${Math.floor(config.momentum * 8)} ${Math.floor(config.l2 * 4)}`);
    expect(new Set(boxes).size).toBe(16);
  });

  it('merges points that are the same, and points that differ only where their key does not vary', () => {
    const spike = planOf({ name: 'x', samples: { count: 64, axes: { l2: { logUniform: [1e-5, 1], zero: 0.5 } } } });
    expect(spike.cells).toHaveLength(33);
    const conditional = planOf({
      name: 'x',
      samples: {
        count: 16,
        axes: { optimizer: ['sgd', 'momentum'], momentum: { uniform: [0, 0.9], when: { optimizer: 'momentum' } } },
      },
    });
    expect(conditional.cells).toHaveLength(9);
    expect(conditional.axes[1]?.values).toHaveLength(8);
  });

  it('lets an axis depend on a sampled key', () => {
    const plan = planOf({
      name: 'x',
      axes: { momentum: { values: [0.5, 0.9], when: { optimizer: 'momentum' } } },
      samples: { count: 4, axes: { optimizer: ['sgd', 'momentum'], l2: { uniform: [0, 1] } } },
    });
    expect(plan.cells).toHaveLength(6);
  });
});

describe.each([
  ['an axis', alone(4), alone(11)],
  ['joint samples', jointly(4), jointly(11)],
  ['extra cells', alone(4), { ...alone(4), cells: [{ l2: 0.5 }, { batchNorm: false }] }],
])('a finished sweep with more of %s', (_, before, after) => {
  it('keeps every cell that there was, and a ledger runs only what is new', () => {
    const [old, grown] = [planOf(before), planOf(after)];
    const ids = new Set(grown.cells.map(({ id }) => id));
    expect(old.cells.every(({ id }) => ids.has(id))).toBe(true);
    expect(grown.cells.length).toBeGreaterThan(old.cells.length);

    const folder = join(temporaryFolder(), 'results');
    const first = Ledger.open(folder, old);
    for (const { id: trial } of old.trials) {
      first.append({ type: 'leased', trial, attempt: 1, worker: 0 });
      first.append({ type: 'done', trial, attempt: 1, step: 1, elapsed: 1, weightsHash: '' });
    }
    first.close();
    Ledger.open(folder, grown).close();
    const { counts } = readLedger(folder).state;
    expect(counts).toMatchObject({ done: old.trials.length, planned: grown.trials.length - old.trials.length });
  });
});
