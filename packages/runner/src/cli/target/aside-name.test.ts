import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { freeAsideName, isAside } from './aside-name.ts';

it('tells every name that it gives from those of sweeps', () => {
  const folder = join(temporaryFolder(), 'arms');
  const changed = new Date('2026-11-23T17:36:37.123Z');
  const names = Array.from({ length: 3 }, () => {
    const name = freeAsideName(folder, changed);
    mkdirSync(name);
    return name;
  });
  expect(names).toEqual(['', '-2', '-3'].map((end) => `${folder}.2026-11-23T17-36-37${end}`));
  expect(names.map(isAside)).toEqual([true, true, true]);
  expect(['arms', 'arms.v2', 'arms.2026-11-23', 'arms-2'].map(isAside)).toEqual([false, false, false, false]);
});
