import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectClearFailure } from './expectations.ts';
import { NOBODY, type Outcome, pathWith, ROOT, runNode, temporaryFolder } from './sandbox.ts';

/** A clone with the files that the set-up reads, and nothing installed. */
function freshClone(): string {
  const clone = temporaryFolder();
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(ROOT, name), join(clone, name));
  const state = join(ROOT, 'tools', 'setup', '.state');
  cpSync(join(ROOT, 'tools', 'setup'), join(clone, 'tools', 'setup'), {
    recursive: true,
    filter: (path) => path !== state,
  });
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => join('packages', name));
  for (const folder of [...packages, 'test']) {
    mkdirSync(join(clone, folder), { recursive: true });
    cpSync(join(ROOT, folder, 'package.json'), join(clone, folder, 'package.json'));
  }
  cpSync(join(ROOT, 'packages', 'core', 'setup'), join(clone, 'packages', 'core', 'setup'), { recursive: true });
  return clone;
}

function setUpClone(clone: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const offline = { npm_config_registry: NOBODY, npm_config_cache: temporaryFolder(), npm_config_fetch_retries: '0' };
  return runNode([join(clone, 'tools', 'setup', 'setup.mjs')], clone, { ...offline, npm_execpath: '', ...env });
}

describe('the set-up of a fresh clone', { timeout: 120_000 }, () => {
  test('without a network says that npm cannot reach its registry', async () => {
    const outcome = await setUpClone(freshClone());
    expect(outcome.stdout).toMatch(/installs the npm packages/);
    expectClearFailure(outcome, /npm cannot reach its registry \(ECONNREFUSED\)/, /Connect to the network/);
  });

  test('without npm says where to get it', async () => {
    expectClearFailure(await setUpClone(freshClone(), { PATH: pathWith('sh') }), /npm is not on PATH/, /npm/);
  });

  test('with a package.json that the lock does not know says which package', async () => {
    const clone = freshClone();
    const path = join(clone, 'packages', 'core', 'package.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    manifest.dependencies.valibot = '0.0.1';
    writeFileSync(path, JSON.stringify(manifest));
    const outcome = await setUpClone(clone);
    expectClearFailure(outcome, /do not agree \((Missing|Invalid).*valibot|npm cannot reach/, /npm install|Connect/);
  });

  test('refuses an argument that it does not know', async () => {
    const outcome = await runNode([join(ROOT, 'tools', 'setup', 'setup.mjs'), '--quick'], ROOT);
    expectClearFailure(outcome, /does not know --quick/, /--for-tests/);
  });
});

describe('the lock file', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages as Record<
    string,
    { optionalDependencies?: Record<string, string>; resolved?: string; link?: boolean }
  >;

  // npm drops optional packages that its registry does not list at that moment, and `npm ci` then refuses the lock.
  test('names every optional package that its packages ask for', () => {
    const missing = Object.entries(lock).flatMap(([at, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => !lock[`node_modules/${name}`] && !lock[`${at}/node_modules/${name}`],
      ),
    );
    expect(missing, 'node tools/setup/complete-lock.mjs adds them').toEqual([]);
  });

  test('names no registry', () => {
    const addresses = Object.values(lock).filter((entry) => !entry.link && entry.resolved);
    expect(addresses).toEqual([]);
  });
});
