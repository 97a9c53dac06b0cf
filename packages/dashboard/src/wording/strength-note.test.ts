import { expect, it } from 'vitest';
import { baseConfig, seedsPlan } from '../fixtures/plans.ts';
import { decayNote, strengthNote, strengthNotes } from './strength-note.ts';

it('names the decay of plain SGD and the coefficient that PyTorch would take', () => {
  expect(decayNote({ ...baseConfig, learningRate: 0.1, l2: 1e-3 })).toBe('× 0.9998 per step (1 − 2ηλ)');
  expect(strengthNote(1e-3, [baseConfig])).toContain("PyTorch's weight_decay it is 2λ = 2e-3");
});

it('names no factor where the closed form does not hold, or cells differ in it', () => {
  const adam = { ...baseConfig, optimizer: 'adam' as const };
  expect(decayNote(adam)).toBe('');
  expect(strengthNote(1e-3, [adam])).not.toContain('per step');
  expect(strengthNote(1e-3, [baseConfig, { ...baseConfig, learningRate: 0.01 }])).not.toContain('per step');
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
