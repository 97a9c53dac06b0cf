/**
 * Whether a browser works: it is started without a window, and asked over its own protocol to open a page. That it
 * can print its version says too little.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATIENCE_MS = 30_000;

/** What is wrong with the browser, or undefined.
 * @param {string} path
 * @returns {Promise<string | undefined>}
 */
export async function startFault(path) {
  const profile = mkdtempSync(join(tmpdir(), 'l2bn-browser-'));
  const args = ['--headless', '--no-sandbox', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
  // A group of its own: a browser is many processes, and all of them have to go afterwards.
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: process.platform !== 'win32' });
  const gone = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  try {
    return await openPage(await listeningAddress(child));
  } catch (error) {
    return /** @type {Error} */ (error).message;
  } finally {
    killAll(child);
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>}
 */
function listeningAddress(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error('it did not get ready within 30 seconds')), PATIENCE_MS);
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      said += text;
      const address = /DevTools listening on ws:\/\/([^/\s]+)/.exec(said)?.[1];
      if (address) resolve(address);
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(lastWord(said))));
    child.once('close', () => clearTimeout(timer));
  });
}

/** @param {string} address */
async function openPage(address) {
  const answer = await fetch(`http://${address}/json/new?about:blank`, {
    method: 'PUT',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return answer.ok ? undefined : `it opens no page (${answer.status})`;
}

/** @param {string} said */
function lastWord(said) {
  const loading = /error while loading shared libraries: .*/.exec(said)?.[0];
  return loading ?? (said.trim().split('\n').at(-1)?.slice(0, 200) || 'it ended at once');
}

/** @param {import('node:child_process').ChildProcess} child */
function killAll(child) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
