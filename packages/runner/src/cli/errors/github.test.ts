import { describe, expect, it } from 'vitest';
import { githubError, githubProblem } from './github.ts';

describe('githubError', () => {
  it('is one line, with what the command syntax uses escaped', () => {
    expect(githubError('50 %\nlost', { title: 'a: b, c' })).toBe('::error title=a%3A b%2C c::50 %25%0Alost');
    expect(githubError('lost')).toBe('::error::lost');
  });
});

describe('githubProblem', () => {
  it('points at the line that the problem names', () => {
    const problem = { file: 'sweeps/a.yaml:3', path: 'axes.l2[1]', got: '-1', want: 'a number ≥ 0' };
    expect(githubProblem(problem)).toBe('::error file=sweeps/a.yaml,line=3::axes.l2[1]: got -1, want a number ≥ 0');
  });

  it('does without line and path', () => {
    expect(githubProblem({ file: 'a.yaml', got: 'no such file', want: 'a file' })).toBe(
      '::error file=a.yaml::got no such file, want a file',
    );
    expect(githubProblem({ got: 'a', want: 'b' })).toBe('::error::got a, want b');
  });
});
