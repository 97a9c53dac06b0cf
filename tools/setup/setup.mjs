#!/usr/bin/env node
/**
 * What `npm start` and `npm test` begin with: everything that has to be there, done if it is missing or stale.
 * It runs before any package is installed, so it uses nothing but Node.
 */
import { requireNode } from '../../packages/core/setup/node-version.mjs';

requireNode();

// Imported only now, so that an old Node is told so before it meets syntax that it cannot read.
const { reportFailures, SetupError } = await import('../../packages/core/setup/report.mjs');

await reportFailures(async () => {
  const unknown = process.argv.slice(2).find((arg) => arg !== '--for-tests');
  if (unknown) throw new SetupError(`the set-up does not know ${unknown}`, ['It takes --for-tests, or nothing.']);
  const { setUp } = await import('./steps.mjs');
  await setUp({ forTests: process.argv.includes('--for-tests') });
});
