import { describe, expect, it } from 'vitest';
import { retryDelay } from './connection-state.ts';
import { tokenOf } from './login.ts';

describe('retryDelay', () => {
  it('doubles its bound from 250 ms up to 10 s', () => {
    expect([0, 1, 2, 5, 6, 60].map((attempt) => retryDelay(attempt, 1))).toEqual([
      250, 500, 1000, 8000, 10_000, 10_000,
    ]);
  });

  it('is anywhere below its bound', () => {
    expect(retryDelay(3, 0)).toBe(0);
    expect(retryDelay(3, 0.25)).toBe(500);
  });
});

describe('tokenOf', () => {
  it.each([
    ['#t=abc-_1', 'abc-_1'],
    ['#/map', null],
    ['#t=', null],
    ['', null],
  ])('reads %j as %j', (hash, token) => {
    expect(tokenOf(hash)).toBe(token);
  });
});
