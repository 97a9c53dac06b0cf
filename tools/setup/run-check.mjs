import { spawn } from 'node:child_process';
import { readyBrowser } from './browser.mjs';
import { plainNx } from './nx.mjs';
import { ROOT } from './paths.mjs';

/**
 * Runs a script of Node's in the environment of the tests, with the browser that the set-up has found, and shows what it
 * prints.
 *
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code
 */
export function runCheck(args, { cwd = ROOT, env = {} } = {}) {
  const browser = readyBrowser();
  const environment = { ...plainNx(), ...(browser ? { CHROME_BIN: browser } : {}), ...env };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, env: environment, stdio: 'inherit' });
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
