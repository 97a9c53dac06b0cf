import { expect } from 'vitest';
import type { Outcome } from './sandbox.ts';

/** A failure that a person can act on: said in words, with advice, and without a stack. */
export function expectClearFailure(outcome: Outcome, message: RegExp, advice: RegExp): void {
  expect(outcome.stderr).toMatch(message);
  expect(outcome.stderr).toMatch(/^set-up failed: /m);
  expect(outcome.stderr.slice(outcome.stderr.indexOf('→'))).toMatch(advice);
  expect(outcome.stderr).not.toMatch(/^\s+at /m);
  expect(outcome.code).toBe(1);
}

export function expectSuccess(outcome: Outcome): void {
  expect(outcome.stderr).toBe('');
  expect(outcome.code).toBe(0);
}
