import { expect, it } from 'vitest';
import { articleSweep, stateAfter } from '../../packages/dashboard/src/fixtures/sweeps.ts';
import { decayStory } from '../../packages/dashboard/src/wording/decay-story.ts';
import { resultTable } from '../../packages/runner/src/report/result-table.ts';

/** Finished, with all records after the first moved by these shares of their weights. */
function finishedWithDrift(share: number) {
  const state = stateAfter(articleSweep());
  for (const { epochs } of state.trials) {
    for (const { weights } of epochs.slice(1)) {
      weights.values = weights.values.map((value) => value! * (1 + share));
      weights.norm = weights.norm! * (1 + share);
    }
  }
  return state;
}

it.each([0, 5e-7, 2e-6, 2e-5, 1e-3])('page and terminal tell alike what only decay moves, off it by %d', (drift) => {
  const state = finishedWithDrift(drift);
  const lines = resultTable(state).split('\n').slice(2);
  expect(lines).toHaveLength(state.plan.cells.length);
  const told = state.plan.cells.map(({ id, config }, i) => ({
    label: lines[i]!.split('  ')[0],
    terminal: /nothing but decay|weights at rest/.test(lines[i]!),
    page: decayStory(state.trials.find(({ cell }) => cell === id)!.epochs, config).onlyDecay === 'kernel',
  }));
  for (const { terminal, page, label } of told) expect(page, label).toBe(terminal);
  // Without BN no gradient reaches the simulated kernel; at λ = 0 nothing rounds, so that any drift is the data's.
  const dead = (l2: number) =>
    told[state.plan.cells.findIndex(({ values }) => values.batchNorm === false && values.l2 === l2)]!.page;
  expect([dead(0), dead(1e-3)]).toEqual([drift < 1e-6, drift < 1e-5]);
});
