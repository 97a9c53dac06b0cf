/**
 * A browser for the tests: the one that CHROME_BIN names, else an installed one, else one from npm. It is started
 * once to see that it works, and remembered.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isUnchanged, markOf, readJson, writeJson } from '../../packages/core/setup/files.mjs';
import { SetupError, say } from '../../packages/core/setup/report.mjs';
import { findOnPath, isExecutable } from '../../packages/core/setup/run.mjs';
import { packagedBrowser } from './browser-package.mjs';
import { startFault } from './browser-start.mjs';
import { STATE } from './paths.mjs';

const STAMP = join(STATE, 'browser.json');
const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser that a set-up has found and started, if it is still the one that would be chosen. */
export function readyBrowser() {
  const stamp = readJson(STAMP);
  if (!isUnchanged(stamp?.mark)) return undefined;
  const named = process.env.CHROME_BIN;
  // Whatever was installed since may be the better choice, so the list is part of what is remembered.
  const fits = named ? stamp.mark.path === named : stamp.candidates === installed().join('|');
  return fits ? /** @type {string} */ (stamp.mark.path) : undefined;
}

export function browserIsReady() {
  return readyBrowser() !== undefined;
}

export async function setUpBrowser() {
  const path = await chooseBrowser();
  say(`the tests use the browser ${path}`);
  writeJson(STAMP, { mark: markOf(path), candidates: process.env.CHROME_BIN ? '' : installed().join('|') });
}

async function chooseBrowser() {
  const named = process.env.CHROME_BIN;
  if (named) return requireNamed(named);
  for (const path of installed()) {
    const fault = await startFault(path);
    if (!fault) return path;
    say(`${path} is installed but does not start (${fault})`);
  }
  return packagedBrowser();
}

/** @param {string} path */
async function requireNamed(path) {
  const fault = isExecutable(path) ? await startFault(path) : 'it is not there, or cannot be executed';
  if (!fault) return path;
  throw new SetupError(`CHROME_BIN names ${path}, and that does not work: ${fault}`, [
    'Name a Chrome or Chromium that starts, or unset CHROME_BIN to have one found.',
  ]);
}

function installed() {
  const onPath = NAMES.map((name) => findOnPath([name])).filter((path) => path !== undefined);
  return [...new Set([...onPath, ...PLACES.filter((path) => existsSync(path))])];
}
