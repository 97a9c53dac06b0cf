import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { threadStates } from './thread-states.ts';

describe.runIf(process.platform === 'linux')('threadStates', () => {
  it('tells what each thread does, whatever the process is called', async () => {
    const child = spawn(process.execPath, ['-e', "process.title = 'a) R (b'; console.log(1); for (;;);"]);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const main = async () => (await threadStates(child.pid!))!.find(({ id }) => id === child.pid)!;
    await expect.poll(async () => (await main()).cpuSeconds).toBeGreaterThan(0);
    expect(await main()).toMatchObject({ name: 'a) R (b', state: 'running', waitsIn: null });
    expect((await threadStates(child.pid!))!.length).toBeGreaterThan(1);

    child.kill('SIGSTOP');
    await expect
      .poll(async () => new Set((await threadStates(child.pid!))!.map(({ state }) => state)))
      .toEqual(new Set(['stopped']));
  });

  it('knows nothing of a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(await threadStates(child.pid!)).toBeNull();
  });
});
