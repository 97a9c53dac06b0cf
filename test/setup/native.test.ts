import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectClearFailure, expectSuccess } from './expectations.ts';
import {
  bindingOf,
  cacheWithBinding,
  makeProject,
  NOBODY,
  pathWith,
  readyLibrary,
  runAnOp,
  setUp,
  temporaryFolder,
  tfjsNodeOf,
} from './sandbox.ts';

describe('l2bn-setup', { timeout: 120_000 }, () => {
  test('compiles the binding against a copy of libtensorflow that is named, and makes ops run', async () => {
    const project = makeProject();
    const env = { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: temporaryFolder() };
    const first = await setUp(project, env);
    expectSuccess(first);
    expect(first.stdout).toMatch(/compiles tfjs-node's native part/);
    expect((await runAnOp(project)).stdout).toBe('14');
  });

  test('does nothing the second time, and starts no other program to find that out', async () => {
    const project = makeProject();
    const env = { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: cacheWithBinding() };
    expectSuccess(await setUp(project, env));
    const before = readFileSync(bindingOf(project));
    const second = await setUp(project, { ...env, PATH: temporaryFolder() });
    expectSuccess(second);
    expect(second.stdout).toBe('set-up: tfjs-node is ready, nothing to do\n');
    expect(readFileSync(bindingOf(project)).equals(before)).toBe(true);
  });

  test('puts the lock around the shared set of attribute names', async () => {
    const project = makeProject();
    expectSuccess(await setUp(project, { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: cacheWithBinding() }));
    expect(readFileSync(bindingOf(project)).includes('ATTR_NAME_MUTEX')).toBe(true);
  });

  test.each([
    ['cut short', (binding: string) => truncateSync(binding, 1000)],
    ['gone', (binding: string) => rmSync(binding)],
    ['changed', (binding: string) => appendFileSync(binding, 'x')],
  ])("mends a project's binding that was %s", async (_, damage) => {
    const project = makeProject();
    const env = { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: cacheWithBinding() };
    expectSuccess(await setUp(project, env));
    damage(bindingOf(project));
    expectSuccess(await setUp(project, env));
    expect((await runAnOp(project)).stdout).toBe('14');
  });

  test('a folder named by L2BN_TENSORFLOW that lacks parts is refused by name', async () => {
    const folder = temporaryFolder();
    const outcome = await setUp(makeProject(), { L2BN_TENSORFLOW: folder, L2BN_CACHE: temporaryFolder() });
    expectClearFailure(outcome, /L2BN_TENSORFLOW is .* lacks libtensorflow_cc/, /unset L2BN_TENSORFLOW/);
  });

  test('without a compiler it names the package to install', async () => {
    const env = { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: temporaryFolder(), PATH: pathWith('python3', 'sh') };
    expectClearFailure(await setUp(makeProject(), env), /no C\+\+ compiler/, /apt-get install g\+\+/);
  });

  test('without a compiler it says so before it downloads anything', async () => {
    const cache = temporaryFolder();
    const outcome = await setUp(makeProject(), { L2BN_CACHE: cache, PATH: pathWith('python3', 'sh') });
    expectClearFailure(outcome, /no C\+\+ compiler/, /apt-get install g\+\+/);
    expect(outcome.stdout).not.toMatch(/by pip/);
  });

  test("without pip it tries tfjs-node's own download, says that it is older, and names both ways out", async () => {
    const project = makeProject();
    const before = readFileSync(join(tfjsNodeOf(project), 'package.json'), 'utf8');
    const env = { L2BN_CACHE: temporaryFolder(), PATH: pathWith('g++', 'sh'), TFJS_NODE_BASE_URI: NOBODY };
    const outcome = await setUp(project, env);
    expect(outcome.stdout).toMatch(/no Python with pip here.*older \(TensorFlow 2\.9\.1/);
    expectClearFailure(outcome, /own download failed too \(connect ECONNREFUSED/, /python3-pip[\s\S]*L2BN_TENSORFLOW/);
    expect(readFileSync(join(tfjsNodeOf(project), 'package.json'), 'utf8')).toBe(before);
  });

  test('with pip but without a network it says what is not reached', async () => {
    const env = { L2BN_CACHE: temporaryFolder(), PIP_INDEX_URL: NOBODY, PIP_RETRIES: '0' };
    const outcome = await setUp(makeProject(), env);
    expectClearFailure(outcome, /pip cannot reach its package index/, /Connect to the network[\s\S]*L2BN_TENSORFLOW/);
  });

  test('refuses sources that it does not know how to patch', async () => {
    const project = makeProject();
    writeFileSync(join(tfjsNodeOf(project), 'binding', 'tfjs_backend.cc'), '// another version\n');
    const outcome = await setUp(project, { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: temporaryFolder() });
    expectClearFailure(outcome, /tfjs_backend\.cc is not the one/, /4\.22\.0/);
  });

  test('a source that does not compile is a message, with the first words of the compiler', async () => {
    const project = makeProject();
    appendFileSync(join(tfjsNodeOf(project), 'binding', 'tfjs_binding.cc'), '\n#error "a fault of the test"\n');
    const outcome = await setUp(project, { L2BN_TENSORFLOW: readyLibrary(), L2BN_CACHE: temporaryFolder() });
    expectClearFailure(outcome, /could not compile .*a fault of the test/, /g\+\+/);
  });

  test('where no tfjs-node is installed it says what to install', async () => {
    const project = makeProject();
    rmSync(tfjsNodeOf(project), { recursive: true });
    const outcome = await setUp(project, { L2BN_CACHE: temporaryFolder() });
    expectClearFailure(outcome, /@tensorflow\/tfjs-node is installed neither/, /npm install/);
  });

  test('an older Node is told so', async () => {
    const project = makeProject();
    const old = join(project, 'old-node.mjs');
    writeFileSync(old, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });\n");
    const outcome = await setUp(project, { NODE_OPTIONS: `--import ${old}` });
    expectClearFailure(outcome, /this is Node 18\.20\.4, and l2bn needs 20\.20/, /newer Node/);
    expect(existsSync(bindingOf(project))).toBe(false);
  });
});
