import { describe, expect, it } from 'vitest';
import { ENGINES } from '../sweep/trial-config.ts';
import { createTrainStep } from './engines.ts';
import { compareWithKeras, kerasRuns, runTitle } from './fixtures/keras-runs.ts';

describe.each(ENGINES)('engine %s against Keras', (engine) => {
  it.each(kerasRuns.map((run) => [runTitle(run), run] as const))('%s', async (_, run) => {
    await compareWithKeras(run, (model, optimizer) => createTrainStep(engine, model, { optimizer }));
  });
});

describe('the comparison with Keras', () => {
  it('notices an optimizer of another formula', async () => {
    const run = kerasRuns.find(({ optimizer }) => optimizer === 'nesterov')!;
    const wrong = compareWithKeras(run, (model, config) =>
      createTrainStep('layers', model, { optimizer: { ...config, name: 'momentum' } }),
    );
    await expect(wrong).rejects.toThrow(/tolerance/);
  });
});
