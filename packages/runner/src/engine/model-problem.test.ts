import { describe, expect, it } from 'vitest';
import { modelProblem, problemIdentity } from './model-problem.ts';

describe('modelProblem', () => {
  it.each([
    [
      { path: 'model', got: './net.mjs, which exports nothing', want: 'a builder' },
      { path: 'config.model', got: './net.mjs, which exports nothing' },
    ],
    [
      { path: 'l2', got: '0.1, but no penalty', want: 'l2: 0' },
      { path: 'config.l2', got: '0.1, but no penalty' },
    ],
    [
      { path: 'layer lstm_1', got: 'class LSTM', want: 'Dense' },
      { path: 'config.model', got: './net.mjs, layer lstm_1: class LSTM' },
    ],
    [
      { got: 'no layers', want: 'some' },
      { path: 'config.model', got: './net.mjs: no layers' },
    ],
  ])('places %j in the sweep file', (problem, placed) => {
    expect(modelProblem(problem, './net.mjs')).toEqual({ want: problem.want, ...placed });
  });

  it('leaves the file that a problem names', () => {
    expect(modelProblem({ file: 'net.mjs', path: 'model', got: 'x', want: 'y' }, 'x')).toMatchObject({
      file: 'net.mjs',
    });
  });
});

describe('problemIdentity', () => {
  const of = (layer: string, index = 0) =>
    problemIdentity({ path: `layer ${layer}`, got: 'class LSTM', want: 'Dense' }, index, 'm');

  it('is the same for another build of the model', () => expect(of('lstm_LSTM17')).toBe(of('lstm_LSTM1')));
  it('differs between layers of one build', () => expect(of('lstm_LSTM2', 1)).not.toBe(of('lstm_LSTM1')));
  it('differs between kinds of layers', () => expect(of('gru_GRU1')).not.toBe(of('lstm_LSTM1')));
});
