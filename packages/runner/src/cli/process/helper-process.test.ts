import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { askHelper, HelperError } from './helper-process.ts';

/** A helper that does this with a `request`. */
function helper(body: string): URL {
  const file = join(temporaryFolder(), 'helper.mjs');
  writeFileSync(file, `process.once('message', (request) => { ${body} });`);
  return pathToFileURL(file);
}

describe('askHelper', () => {
  it('resolves with the answer, and tells what the helper does until then', async () => {
    const said: string[] = [];
    const file = helper(`
      process.send({ progress: 'adding' });
      process.send({ answer: { sum: request.a + request.b } });`);
    expect(await askHelper(file, { a: 1, b: 2 }, { onProgress: (text) => said.push(text) })).toEqual({ sum: 3 });
    expect(said).toEqual(['adding']);
  });

  it('rejects with how the helper ended and the last that it printed', async () => {
    const end = askHelper(helper(`process.stderr.write('no such symbol', () => process.exit(7));`), {});
    await expect(end).rejects.toEqual(new HelperError('exit code 7\nno such symbol'));
    const killed = askHelper(helper(`process.kill(process.pid, 'SIGSEGV')`), {});
    await expect(killed).rejects.toThrow(/^signal SIGSEGV/);
  });

  it('rejects with a HelperError where no process can be had, however many errors that makes', async () => {
    const { execPath } = process;
    onTestFinished(() => {
      process.execPath = execPath;
    });
    process.execPath = join(temporaryFolder(), 'no-node');
    const none = askHelper(helper(''), {});
    await expect(none).rejects.toThrow(HelperError);
    await expect(none).rejects.toThrow(/ENOENT|closed/);
    // Errors that come later would be uncaught, and fail this test.
    await new Promise(setImmediate);
  });

  it('ends the helper when it is no longer wanted', async () => {
    const abort = new AbortController();
    const file = helper(`process.send({ progress: 'waiting' }); setInterval(() => {}, 1000);`);
    const waiting = askHelper(file, {}, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(waiting).rejects.toThrow('signal SIGKILL');
  });
});
