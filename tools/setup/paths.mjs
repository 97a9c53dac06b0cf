/**
 * The clone that this set-up belongs to, and where it remembers what it has done.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Outside node_modules, because `npm ci` empties that folder while the set-up is at work. */
export const STATE = join(ROOT, 'tools', 'setup', '.state');
