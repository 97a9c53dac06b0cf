import { expect, it } from 'vitest';
import { baseConfig } from '../fixtures/plans.ts';
import { decayNote, strengthNote } from './strength-note.ts';

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
