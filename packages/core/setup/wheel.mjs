/**
 * The official TensorFlow wheel: which one for which machine, its download by pip, and what is taken out of it.
 * The wheel is only unpacked, never installed, so the Python that happens to be there does not matter.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { megabytes, requireSpace } from './files.mjs';
import { SetupError, say } from './report.mjs';
import { findOnPath, lastLines, run } from './run.mjs';

export const TENSORFLOW = '2.21.0';

/**
 * @typedef {{ name: string, platform: string, sha256: string, libraries: string[] }} Wheel
 * @type {Record<string, Wheel>}
 */
const WHEELS = {
  'linux-x64': {
    name: 'tensorflow-cpu',
    platform: 'manylinux_2_27_x86_64',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  },
  // The two below are pinned but were never compiled and run.
  'linux-arm64': {
    name: 'tensorflow',
    platform: 'manylinux_2_27_aarch64',
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  },
  'darwin-arm64': {
    name: 'tensorflow',
    platform: 'macosx_12_0_arm64',
    sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  },
};

/** What the binding's sources include, directly or not; the wheel's whole include tree is 287 MB. */
export const HEADERS = [
  'tensorflow/c/c_api.h',
  'tensorflow/c/c_api_macros.h',
  'tensorflow/c/eager/c_api.h',
  'tensorflow/c/tf_attrtype.h',
  'tensorflow/c/tf_buffer.h',
  'tensorflow/c/tf_datatype.h',
  'tensorflow/c/tf_status.h',
  'tensorflow/c/tf_tensor.h',
  'tensorflow/c/tf_tstring.h',
  'tensorflow/core/platform/ctstring.h',
  'tensorflow/core/platform/ctstring_internal.h',
  'tsl/platform/ctstring.h',
  'tsl/platform/ctstring_internal.h',
  'xla/tsl/c/tsl_status.h',
].map((header) => `include/${header}`);

const WHEEL_BYTES = 274e6;
const LIBRARY_BYTES = 855e6;

/** The wheel for this machine, or undefined where there is none that would load. */
export function wheelForThisMachine() {
  return isMusl() ? undefined : WHEELS[`${process.platform}-${process.arch}`];
}

function isMusl() {
  if (process.platform !== 'linux') return false;
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header?.glibcVersionRuntime === undefined;
}

/** A Python that has pip, or undefined. */
export async function findPip() {
  for (const name of ['python3', 'python']) {
    const python = findOnPath([name]);
    if (python && (await run(python, ['-m', 'pip', '--version'], { timeoutMs: 60_000 })).code === 0) return python;
  }
  return undefined;
}

/** Fills an empty folder with the wheel's libraries and headers.
 * @param {Wheel} wheel
 * @param {string} python
 * @param {string} folder
 */
export async function unpackWheel(wheel, python, folder) {
  requireSpace(dirname(folder), WHEEL_BYTES + LIBRARY_BYTES + 50e6, `TensorFlow ${TENSORFLOW}`);
  const download = join(folder, 'wheel');
  mkdirSync(download, { recursive: true });
  say(`gets TensorFlow ${TENSORFLOW}, the official wheel (${megabytes(WHEEL_BYTES)}), by pip`);
  const file = await downloadWheel(wheel, python, download);
  const members = [...wheel.libraries, ...HEADERS].map((name) => `tensorflow/${name}`);
  const unpacked = await run(python, ['-c', UNPACK, file, folder, ...members]);
  if (unpacked.code !== 0) throw unpackingFailed(unpacked.stderr);
  rmSync(download, { recursive: true });
}

/**
 * @param {Wheel} wheel
 * @param {string} python
 * @param {string} download
 */
async function downloadWheel(wheel, python, download) {
  const pins = join(download, 'pins.txt');
  writeFileSync(pins, `${wheel.name}==${TENSORFLOW} --hash=sha256:${wheel.sha256}\n`);
  const target = ['--only-binary=:all:', '--python-version', '3.11', '--platform', wheel.platform];
  const outcome = await run(python, [
    ...['-m', 'pip', 'download', '--no-deps', ...target, '--require-hashes', '-r', pins, '-d', download],
    // pip's own cache would keep a second copy of the wheel.
    ...['--no-cache-dir', '--disable-pip-version-check', '--no-input', '--retries', '2'],
  ]);
  const file = readdirSync(download).find((name) => name.endsWith('.whl'));
  if (outcome.code !== 0 || !file) throw downloadFailed(outcome.stderr || outcome.stdout);
  return join(download, file);
}

/** Python's zipfile checks each member's CRC while it reads. */
const UNPACK = `
import os, shutil, sys, zipfile
wheel, folder, *members = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member in members:
        path = os.path.join(folder, *member.split('/')[1:])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(member) as source, open(path, 'wb') as target:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
`;

const OWN_COPY = 'Or set L2BN_TENSORFLOW to the tensorflow/ folder of an unpacked wheel that you have.';

/** @param {string} output */
function downloadFailed(output) {
  if (/No space left on device/i.test(output)) return diskFull();
  if (/DO NOT MATCH THE HASHES/i.test(output))
    return new SetupError(
      'pip got a TensorFlow wheel that is not the pinned one (its SHA-256 differs), so it is not used',
      ['Try again; if it stays so, the package index or a proxy on the way serves another file.', OWN_COPY],
    );
  if (
    /NewConnectionError|ConnectionError|ConnectTimeout|Read timed out|name resolution|ProxyError|from versions: none/i.test(
      output,
    )
  )
    return new SetupError('pip cannot reach its package index, so TensorFlow cannot be downloaded', [
      'Connect to the network, or set the index or proxy that pip shall use (pip config), and run the same command again.',
      OWN_COPY,
    ]);
  return new SetupError(`pip could not download TensorFlow: ${lastLines(output)}`, [
    'Run the same command again once that is put right.',
    OWN_COPY,
  ]);
}

/** @param {string} output */
function unpackingFailed(output) {
  if (/No space left on device/i.test(output)) return diskFull();
  return new SetupError(`the TensorFlow wheel could not be unpacked: ${lastLines(output, 1)}`, [OWN_COPY]);
}

function diskFull() {
  return new SetupError('the disk filled up while TensorFlow was downloaded and unpacked', [
    'Free about 1.2 GB, or set L2BN_CACHE to a folder on another disk, and run the same command again.',
  ]);
}
