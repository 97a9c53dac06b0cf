#!/usr/bin/env node
/**
 * `node tools/setup/complete-lock.mjs`, after a change of dependencies: adds to package-lock.json the optional packages
 * for other systems that npm has left out. npm drops those that its registry does not list at that moment, and
 * `npm ci` then refuses the lock everywhere.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from '../../packages/core/setup/files.mjs';
import { reportFailures, SetupError, say } from '../../packages/core/setup/report.mjs';
import { ROOT } from './paths.mjs';

const LOCK = join(ROOT, 'package-lock.json');

await reportFailures(async () => {
  const lock = JSON.parse(readFileSync(LOCK, 'utf8'));
  const before = Object.keys(lock.packages).length;
  for (const [at, parent] of Object.entries(lock.packages))
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {}))
      if (!lock.packages[`node_modules/${name}`] && !lock.packages[`${at}/node_modules/${name}`])
        lock.packages[`node_modules/${name}`] = entryFor(name, version, parent);
  const entries = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(entries);
  if (entries.length > before) writeJson(LOCK, lock);
  say(`package-lock.json: ${entries.length - before} optional packages for other systems added`);
});

/** What npm would have written, but for the hash, which only the registry knows.
 * @param {string} name
 * @param {string} version
 * @param {{ dev?: boolean, license?: string }} parent
 */
function entryFor(name, version, parent) {
  if (!/^\d+\.\d+\.\d+/.test(version))
    throw new SetupError(`${name} is asked for as ${version}, so its version is not known`, ['Add it by hand.']);
  const os = /android|darwin|freebsd|linux|openharmony|win32/.exec(name)?.[0];
  const cpu = /arm64|gnueabihf|ia32|ppc64|riscv64|s390x|x64/.exec(name)?.[0];
  if (!os || !cpu) throw new SetupError(`the name ${name} does not tell its system`, ['Add it by hand.']);
  return {
    version,
    cpu: [cpu === 'gnueabihf' ? 'arm' : cpu],
    ...(parent.dev && { dev: true }),
    ...(name.includes('musl') && { libc: ['musl'] }),
    ...(parent.license && { license: parent.license }),
    optional: true,
    os: [os],
  };
}
