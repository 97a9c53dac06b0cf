import { describe, expect, it } from 'vitest';
import { baseConfig } from '../fixtures/plans.ts';
import { flatten, listed } from './settings-list.ts';

describe('settings', () => {
  it('are named as they are typed', () => {
    const settings = new Map(flatten(baseConfig));
    expect(settings.get('model')).toBe('mobileNetV2');
    expect(settings.get('data.imageSize')).toBe(32);
    expect(settings.has('data')).toBe(false);
  });

  it('have a momentum only where the optimizer has one', () => {
    const keys = (optimizer: typeof baseConfig.optimizer) => flatten({ ...baseConfig, optimizer }).map(([key]) => key);
    expect(keys('sgd')).not.toContain('momentum');
    expect(keys('momentum')).toContain('momentum');
  });

  it('leave out what is not set', () => {
    const { data } = baseConfig;
    expect(
      flatten({ ...baseConfig, data: { ...data, limit: undefined } as typeof data }).map(([key]) => key),
    ).not.toContain('data.limit');
  });
});

it('lists a few values in full, of many the ends and how many they are', () => {
  const values = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);
  expect(listed(values(12))).toBe('0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11');
  expect(listed(values(13))).toBe('0, 1, 2 … 12 (13)');
});
