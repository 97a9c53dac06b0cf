import { initialState, type TrialState } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { stoppedSweep } from '../fixtures/stopped-sweep.ts';
import { articleSweep, prunedSweep, seedsSweep, stateAfter } from '../fixtures/sweeps.ts';
import { summarySentence } from './summary.ts';

const article = articleSweep();
const seeds = seedsSweep();

describe('summarySentence', () => {
  it('counts what went wrong and names the best of each arm', () => {
    const text = summarySentence(stateAfter(seeds));
    expect(text).toMatch(/^48 of 48 trials finished in .*, 2 diverged, 1 failed\./);
    expect(text).toMatch(/with BN: 0\.\d{3} ± 0\.\d{3} \(n = 3\) at λ=/);
    expect(text).toContain('without BN: ');
  });

  it('says how long the trials ran, whatever time they were stopped', () => {
    const time = (text: string) => /finished in (.*?)[,.]/.exec(text)?.[1];
    const whole = time(summarySentence(stateAfter(seeds)));
    expect(whole).toMatch(/ s$/);
    for (const away of [5 * 60_000, 15 * 3_600_000]) {
      expect(time(summarySentence(stateAfter(stoppedSweep(seeds, 0.4, away))))).toBe(whole);
    }
  });

  it('names no single winner among equals', () => {
    expect(summarySentence(stateAfter(article))).toContain('without BN: 0.100 at every λ');
  });

  it('says of how many seeds equal values are, and which cells have none', () => {
    const state = stateAfter(prunedSweep());
    const cells = new Map(state.plan.cells.map((cell) => [cell.id, cell.values]));
    const of = (seedsOf: Record<number, number>) => ({
      ...state,
      trials: state.trials.map((trial): TrialState => {
        const { l2, batchNorm } = cells.get(trial.cell)!;
        if (batchNorm !== false) return trial;
        const status = trial.seed < (seedsOf[Number(l2)] ?? 0) ? 'done' : 'pruned';
        const epochs = trial.epochs.map((epoch) => ({ ...epoch, validation: { ...epoch.validation, accuracy: 0.1 } }));
        return { ...trial, status, epochs };
      }),
    });
    const said = (seedsOf: Record<number, number>) => /without BN: (.*)\.$/.exec(summarySentence(of(seedsOf)))?.[1];
    const equal = Object.fromEntries([0, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2].map((l2) => [l2, 5]));
    expect(said(equal)).toBe('0.100 ± 0.000 (n = 5) at every λ');
    expect(said({ ...equal, 1e-3: 2 })).toBe('0.100 (n = 2 to 5) at every λ');
    expect(said({ ...equal, 3e-3: 1, 1e-2: 0 })).toBe('0.100 (n = 1 to 5) at every λ that has a result (7 of 8)');
    expect(said({ 0: 1, 1e-5: 1, 3e-5: 1, 1e-4: 1 })).toBe('0.100 (n = 1 of 5) at every λ that has a result (4 of 8)');
    expect(said({ 0: 1, 1e-5: 5 })).toBe('0.100 (n = 1 of 5) at λ=0 and 0.100 ± 0.000 (n = 5) at λ=1e-5');
    expect(said({})).toBe('no result');
  });

  it('groups large numbers alike', () => {
    const state = stateAfter(seeds);
    const trials = Array.from({ length: 12_000 }, () => state.trials[0]!);
    const counts = { ...state.counts, done: 12_000, diverged: 0, failed: 0 };
    expect(summarySentence({ ...state, trials, counts })).toMatch(/^12\u202f000 of 12\u202f000 trials finished/);
  });

  it('claims nothing before anything is done', () => {
    expect(summarySentence(initialState(article.plan))).toBe('0 of 10 trials finished.');
  });
});
