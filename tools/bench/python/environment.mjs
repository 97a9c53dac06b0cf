/**
 * The Python environment of a peer, made in the cache unless it is there. Every package is pinned, none built from source.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wantedCache } from '../../../packages/core/setup/cache.mjs';
import { readJson, requireSpace, sha256, writeJson } from '../../../packages/core/setup/files.mjs';
import { withLock } from '../../../packages/core/setup/lock.mjs';
import { findOnPath, lastLines, run } from '../../../packages/core/setup/run.mjs';

/** What an environment takes on disk, with the downloads that pip unpacks meanwhile. */
const BYTES = { keras: 2.5e9, pytorch: 6.5e9, optuna: 0.4e9, ray: 1.5e9 };

/**
 * The Python of a peer's environment.
 * @param {keyof typeof BYTES} peer
 * @param {(line: string) => void} say
 * @returns {Promise<string>}
 */
export async function pythonFor(peer, say) {
  const requirements = fileURLToPath(new URL(`${peer}.txt`, import.meta.url));
  const python = findOnPath(['python3', 'python']);
  if (!python) throw new Error('no Python was found; the peers need Python 3.11 or newer with its venv module');
  const version = (await must(python, ['-c', 'import platform; print(platform.python_version())'])).trim();
  const print = sha256(`${python} ${version}\n${readFileSync(requirements, 'utf8')}`);
  const folder = join(wantedCache(), 'bench', peer);
  const stamp = join(folder, 'l2bn-bench.json');
  const inside = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const isReady = () => readJson(stamp)?.print === print;
  if (isReady()) return inside;
  mkdirSync(join(folder, '..'), { recursive: true });
  await withLock(`${folder}.lock`, async () => {
    if (isReady()) return;
    requireSpace(join(folder, '..'), BYTES[peer], `the Python environment of ${peer}`);
    say(`makes the Python environment of ${peer} in ${folder} (some minutes the first time)`);
    rmSync(folder, { recursive: true, force: true });
    await must(python, ['-m', 'venv', folder]);
    // The list is complete, so pip has nothing to resolve: PyTorch asks for more than it needs without a GPU.
    const options = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--disable-pip-version-check', '--no-input'];
    await must(inside, ['-m', 'pip', 'install', '--quiet', ...options, '-r', requirements]);
    writeJson(stamp, { print, python: version });
  });
  return inside;
}

/**
 * @param {string} program
 * @param {string[]} args
 */
async function must(program, args) {
  const { code, stdout, stderr } = await run(program, args);
  if (code !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')} failed: ${lastLines(stderr || stdout)}`);
  return stdout;
}
