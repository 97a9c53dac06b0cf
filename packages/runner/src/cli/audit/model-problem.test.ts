import { InputError } from '@l2bn/core/sweep';
import { expect, it } from 'vitest';
import { modelProblems } from './model-problem.ts';

it.each([
  [
    { path: 'model', got: './net.mjs, which exports nothing', want: 'a builder' },
    { path: 'config.model', got: './net.mjs, which exports nothing' },
  ],
  [
    { path: 'l2', got: '0.1, but no penalty', want: 'l2: 0' },
    { path: 'config.l2', got: '0.1, but no penalty (./net.mjs)' },
  ],
  [
    { path: 'layer lstm_1', got: 'class LSTM', want: 'Dense' },
    { path: 'config.model', got: 'class LSTM (layer lstm_1 of ./net.mjs)' },
  ],
])('places %j in the sweep file', (problem, placed) => {
  expect(modelProblems(new InputError(problem), 'sweep.yaml', './net.mjs')).toEqual([
    { file: 'sweep.yaml', want: problem.want, ...placed },
  ]);
});

it('leaves the file that a problem names', () => {
  const problem = { file: 'net.mjs', path: 'model', got: 'x', want: 'y' };
  expect(modelProblems(new InputError(problem), 'sweep.yaml', 'x')[0]).toMatchObject({ file: 'net.mjs' });
});
