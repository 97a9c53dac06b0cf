import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { ask } from './fixtures/ask.ts';
import { start } from './fixtures/started-server.ts';
import { TestSweep } from './fixtures/test-sweep.ts';
import { DEFAULT_PORT } from './listen.ts';

describe('host and port', () => {
  it('takes the usual port, or any free one when that is taken', async () => {
    const first = await start({}, new TestSweep(), {});
    const second = await start({}, new TestSweep(), {});
    expect(second.port).not.toBe(first.port);
    expect(second.port).not.toBe(DEFAULT_PORT);
    expect((await ask(second.port, {})).status).toBe(200);
  });

  it('refuses a port that was asked for and is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toThrow(`port: got ${port}, which is in use`);
    other.close();
  });

  it.each([-1, 1.5, 65_536, Number.NaN])('refuses port %s', async (port) => {
    await expect(start({ port })).rejects.toThrow(InputError);
  });

  it('refuses an address that is not of this machine', async () => {
    await expect(start({ host: '192.0.2.1', allowHosts: ['lab'] })).rejects.toThrow('host: got "192.0.2.1"');
  });

  it('lets others in only by names that the user gives, and says so', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toThrow('which others can reach');
    const { server, port } = await start({ host: '0.0.0.0', allowHosts: ['lab-7.example.org'] });
    expect(server.url).toBe(`http://lab-7.example.org:${port}/`);
    expect(server.warnings.join()).toContain(`ssh -L ${port}:127.0.0.1:${port}`);
    const answer = (host: string) => ask(port, { headers: { Host: `${host}:${port}` } });
    expect((await answer('lab-7.example.org')).status).toBe(200);
    expect((await answer('other.example.org')).status).toBe(421);
    expect((await start()).server.warnings).toEqual([]);
  });

  it.each(['short', 'has spaces in the middle', 'has;semicolons;in;it'])('refuses the token %j', async (token) => {
    await expect(start({ token })).rejects.toThrow(InputError);
  });
});
