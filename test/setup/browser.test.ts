import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expectClearFailure } from './expectations.ts';
import { type Outcome, ROOT, runNode, temporaryFolder } from './sandbox.ts';

/** Calls one function of the set-up's browser steps and prints what it gives. */
function call(module: string, expression: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const at = (path: string) => JSON.stringify(pathToFileURL(join(ROOT, path)).href);
  const program = `
    import { reportFailures } from ${at('packages/core/setup/report.mjs')};
    import * as it from ${at(`tools/setup/${module}`)};
    await reportFailures(async () => console.log(JSON.stringify(${expression}) ?? 'undefined'));`;
  return runNode(['--input-type=module', '-e', program], ROOT, env);
}

function program(text: string): string {
  const path = join(temporaryFolder(), 'browser');
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

describe("the tests' browser", { timeout: 120_000 }, () => {
  test('is one that opens a page', async ({ skip }) => {
    const browser = process.env.CHROME_BIN;
    if (!browser) skip('CHROME_BIN is set by npm test');
    expect((await call('browser-start.mjs', `await it.startFault(${JSON.stringify(browser)})`)).stdout).toBe(
      'undefined\n',
    );
  });

  test('one that ends at once is found out, with its last word', async () => {
    const path = program('echo "libnss3.so is not here" >&2; exit 127');
    const outcome = await call('browser-start.mjs', `await it.startFault(${JSON.stringify(path)})`);
    expect(outcome.stdout).toBe('"libnss3.so is not here"\n');
  });

  test('one that prints nothing is found out too', async () => {
    const outcome = await call('browser-start.mjs', `await it.startFault(${JSON.stringify(program('exit 1'))})`);
    expect(outcome.stdout).toBe('"it ended at once"\n');
  });

  test('CHROME_BIN that names nothing is refused', async () => {
    const outcome = await call('browser.mjs', 'await it.setUpBrowser()', { CHROME_BIN: '/nowhere/chrome' });
    expectClearFailure(outcome, /CHROME_BIN names \/nowhere\/chrome.*not there/, /unset CHROME_BIN/);
  });

  test('CHROME_BIN that does not start is refused', async () => {
    const outcome = await call('browser.mjs', 'await it.setUpBrowser()', { CHROME_BIN: program('exit 3') });
    expectClearFailure(outcome, /does not work: it ended at once/, /unset CHROME_BIN/);
  });
});
