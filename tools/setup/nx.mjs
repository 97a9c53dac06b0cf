/**
 * Starting nx so that it behaves the same in a terminal, in a pipe and on a build server.
 */
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

export function nxScript() {
  return join(ROOT, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
}

/** @returns {NodeJS.ProcessEnv} */
export function plainNx() {
  return { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' };
}
