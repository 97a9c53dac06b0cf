import { readFileSync } from 'node:fs';
import { initialState, SweepReducer } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { PruningSchema } from '../../plan/pruning.ts';
import { Pruner } from './pruner.ts';

/** Made by tools/parity/optuna_pruners.py. */
const { epochs, curves, cases } = JSON.parse(
  readFileSync(new URL('./fixtures/optuna-pruners.json', import.meta.url), 'utf8'),
) as { epochs: number; curves: number[][]; cases: { rule: object; prunedAfter: (number | null)[] }[] };

describe('Pruner', () => {
  for (const { rule, prunedAfter } of cases) {
    it(`decides as Optuna does: ${JSON.stringify(rule)}`, () => {
      const plan = planOf({ name: 'curves', config: { epochs }, seeds: curves.length });
      const { state } = new SweepReducer(initialState(plan));
      const pruner = new Pruner(v.parse(PruningSchema, rule), state);
      const decisions = plan.trials.map(({ id }, index) => {
        for (const [i, crossEntropy] of curves[index]!.entries()) {
          const ended = pruner.epochEnded({
            type: 'epoch',
            trial: id,
            attempt: 1,
            epoch: i + 1,
            step: i + 1,
            learningRate: 0.1,
            train: null,
            validation: { crossEntropy, penalty: 0, accuracy: 0 },
            weights: { layer: 'Conv1', values: [], norm: 1 },
            elapsed: 0,
          });
          if (ended !== undefined) return ended.epoch;
        }
        pruner.finished(id);
        return null;
      });
      expect(decisions).toEqual(prunedAfter);
    });
  }
});
