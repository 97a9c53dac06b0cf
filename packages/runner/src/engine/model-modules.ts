import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isBuiltIn } from '@l2bn/core/preflight';
import type { SweepPlan } from '@l2bn/core/sweep';

/** Stands for the hash of a module that cannot be read: it is as changed as can be. */
export const MISSING = 'none';

/** A user's module with the hash of its own file: what it imports in turn is not looked at. */
export interface ModelModule {
  /** As `config.model` names it. */
  model: string;
  /** SHA-256, hex, or `MISSING`. */
  hash: string;
}

export const userModels = (plan: SweepPlan): string[] =>
  [...new Set(plan.cells.map(({ config }) => config.model))].filter((model) => !isBuiltIn(model));

export function modelModule(model: string, baseDirectory: string): ModelModule {
  try {
    const source = readFileSync(resolve(baseDirectory, model));
    return { model, hash: createHash('sha256').update(source).digest('hex') };
  } catch {
    return { model, hash: MISSING };
  }
}
