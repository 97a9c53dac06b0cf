import { expect, it } from 'vitest';
import { baseConfig, seedsPlan } from '../fixtures/plans.ts';
import { decayNote, strengthNote, strengthNotes } from './strength-note.ts';

it('names the decay of plain SGD and the coefficient that PyTorch would take', () => {
  expect(decayNote({ ...baseConfig, learningRate: 0.1, l2: 1e-3 })).toBe('× 0.9998 per step (1 − 2ηλ)');
  expect(strengthNote(1e-3, [baseConfig])).toContain("PyTorch's weight_decay it is 2λ = 2e-3");
});

it('names no factor where the closed form does not hold, or cells differ in it', () => {
  const adam = { ...baseConfig, l2: 1e-3, optimizer: 'adam' as const };
  expect(decayNote(adam)).toBe('');
  expect(strengthNote(1e-3, [adam])).not.toContain('per step');
  expect(strengthNote(1e-3, [baseConfig, { ...baseConfig, learningRate: 0.01 }])).not.toContain('per step');
});

it.each([
  [{ optimizer: 'momentum', momentum: 0 }, 1e-3, 'plain SGD shrinks a weight × 0.9998 per step (1 − 2ηλ)'],
  [{ optimizer: 'adamw' }, 1e-3, 'the penalty alone shrinks a weight × 0.9998 per step (1 − 2ηλ)'],
  [{ optimizer: 'sgdw' }, 1e-3, 'the penalty alone shrinks a weight × 0.9998 per step (1 − 2ηλ)'],
  [{ optimizer: 'adam' }, 1e-3, null],
  [{ optimizer: 'adam' }, 0, null],
  [{ optimizer: 'sgd' }, 0, null],
  [{ optimizer: 'sgd' }, 10, null],
] as const)('says what shrinks a weight only where something does: %o, λ = %d', (changes, l2, wanted) => {
  const parts = strengthNote(l2, [{ ...baseConfig, ...changes }]).split('; ');
  expect(parts.find((part) => part.includes('shrinks')) ?? null).toBe(wanted);
  expect(parts).toHaveLength(wanted === null ? 2 : 3);
});

it('does not call decoupled decay plain SGD where some cells have it', () => {
  const both = [baseConfig, { ...baseConfig, optimizer: 'adamw' as const }];
  expect(strengthNote(1e-3, both)).toContain('; the penalty alone shrinks a weight × 0.9998 per step');
  expect(strengthNote(1e-3, [...both, { ...baseConfig, optimizer: 'adam' as const }])).not.toContain('per step');
});

it('names the same for a λ of a plan, by the cells that have it', () => {
  const plan = seedsPlan();
  const slow = plan.cells.map((cell) =>
    cell.values.l2 === 1e-4 ? { ...cell, config: { ...cell.config, learningRate: 0.01 } } : cell,
  );
  const noteOf = strengthNotes({ ...plan, cells: slow });
  for (const l2 of [0, 1e-4, 1e-3]) {
    const configs = slow.filter(({ config }) => config.l2 === l2).map(({ config }) => config);
    expect(noteOf(l2)).toBe(strengthNote(l2, configs));
  }
  expect(noteOf(1e-4)).toContain('× 0.999998 per step');
});
