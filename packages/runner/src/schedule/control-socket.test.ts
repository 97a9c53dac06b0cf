import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Control, ControlCommand } from '@l2bn/core/sweep';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { controlAddresses } from './control-address.ts';
import { askCoordinator, ControlSocket } from './control-socket.ts';

const agree: Control = ({ do: what }) => ({ ok: true, text: what });

async function listen(folder: string, control: Control = agree) {
  const socket = await ControlSocket.listen(folder, control);
  onTestFinished(() => socket.close());
  return socket;
}

function listener(...words: string[]) {
  const script = fileURLToPath(new URL('../fixtures/listen-and-die.ts', import.meta.url));
  // Node 20 does not strip types.
  const child = fork(script, words, { execArgv: ['--import', import.meta.resolve('jiti/register')] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** A temporary folder of the test's own, as another machine's. */
function ownTemporary(): void {
  const folder = mkdtempSync(join(tmpdir(), 't-'));
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
}

describe.skipIf(process.platform === 'win32')('ControlSocket', () => {
  it('carries commands out and answers', async () => {
    const folder = temporaryFolder();
    const asked: ControlCommand[] = [];
    await listen(folder, (command) => {
      asked.push(command);
      return { ok: false, text: 'no' };
    });
    expect(await askCoordinator(folder, { do: 'workers', count: 3 })).toEqual({ ok: false, text: 'no' });
    expect(asked).toEqual([{ do: 'workers', count: 3 }]);
  });

  it('refuses what is no command', async () => {
    const folder = temporaryFolder();
    await listen(folder);
    const reply = await askCoordinator(folder, { do: 'dance' } as unknown as ControlCommand);
    expect(reply).toMatchObject({ ok: false, text: expect.stringMatching(/^not a command: /) });
  });

  it('is the folder’s own, for its user alone, and is gone after the end', async () => {
    const folder = temporaryFolder();
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const socket = await listen(folder);
    const address = join(folder, 'control.sock');
    expect(statSync(address).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(0);
    socket.close();
    expect(existsSync(address)).toBe(false);
    expect(await askCoordinator(folder, { do: 'pause' })).toBeUndefined();
  });

  it('takes over what a killed coordinator has left', async () => {
    const folder = temporaryFolder();
    const child = listener(folder);
    await once(child, 'close');
    expect(lstatSync(join(folder, 'control.sock')).isSocket()).toBe(true);
    expect(await askCoordinator(folder, { do: 'pause' })).toBeUndefined();
    await listen(folder);
    expect(await askCoordinator(folder, { do: 'pause' })).toEqual({ ok: true, text: 'pause' });
  });

  it('lets go of clients that say nothing when it is closed', async () => {
    const folder = temporaryFolder();
    const socket = await listen(folder);
    const client = connect(join(folder, 'control.sock'));
    await once(client, 'connect');
    // Accepted in order: once this is answered, the silent one is there, too.
    await askCoordinator(folder, { do: 'pause' });
    const closed = once(client, 'close');
    socket.close();
    await closed;
  });

  it('does not keep its process alive for a client that says nothing', async () => {
    const folder = temporaryFolder();
    const child = listener(folder, 'with a client');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
  });

  it.each(['too long a path', 'a file system without sockets'])('listens elsewhere for %s', async (why) => {
    // Like FAT and CIFS, /proc answers EPERM.
    if (why !== 'too long a path' && !existsSync('/proc/self/task')) return;
    ownTemporary();
    const folder = why === 'too long a path' ? join(temporaryFolder(), 'x'.repeat(110)) : '/proc/self/task';
    await listen(folder);
    const address = controlAddresses(folder).at(-1)!;
    expect(statSync(dirname(address)).mode & 0o777).toBe(0o700);
    expect(await askCoordinator(folder, { do: 'resume' })).toEqual({ ok: true, text: 'resume' });
  });

  it.each(['a folder that others may write to', 'a link'])('neither listens nor asks in %s', async (what) => {
    ownTemporary();
    const folder = join(temporaryFolder(), 'x'.repeat(110));
    const place = dirname(controlAddresses(folder)[0]!);
    if (what === 'a link') symlinkSync(temporaryFolder(), place);
    else mkdirSync(place, { mode: 0o770 });
    await expect(ControlSocket.listen(folder, agree)).rejects.toThrow('belongs to another user');
    expect(await askCoordinator(folder, { do: 'pause' })).toBeUndefined();
  });

  it('is reached by every path of its folder, and with another temporary folder', async () => {
    const folder = join(temporaryFolder(), 'x'.repeat(110));
    mkdirSync(folder);
    const link = join(temporaryFolder(), 'link');
    symlinkSync(folder, link);
    const socket = await listen(link);
    ownTemporary();
    expect(await askCoordinator(folder, { do: 'pause' })).toEqual({ ok: true, text: 'pause' });
    expect(await askCoordinator(link, { do: 'pause' })).toEqual({ ok: true, text: 'pause' });
    socket.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is nobody where a coordinator is killed before it answers', async () => {
    const folder = temporaryFolder();
    const child = listener(folder, 'SIGKILL');
    await once(child, 'message');
    const ended = once(child, 'exit');
    expect(await askCoordinator(folder, { do: 'pause' })).toBeUndefined();
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('does not wait for a coordinator that stands still, and says which it is', async () => {
    const folder = temporaryFolder();
    const child = listener(folder, 'SIGSTOP');
    await once(child, 'message');
    expect(await askCoordinator(folder, { do: 'pause' }, 50)).toEqual({
      ok: false,
      text: `the sweep does not answer (pid ${child.pid})`,
    });
  });
});
