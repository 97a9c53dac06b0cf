import type { ControlCommand } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { ask } from './fixtures/ask.ts';
import { startWithSession } from './fixtures/started-server.ts';

/** Takes every command and can do all but cancel. */
function recorder() {
  const commands: ControlCommand[] = [];
  const control = (command: ControlCommand) => {
    commands.push(command);
    return command.do === 'cancel' ? { ok: false, text: 'there is no such trial' } : { ok: true, text: 'done' };
  };
  return { commands, control };
}

const post = (port: number, cookie: string, body: string, headers: Record<string, string> = {}) =>
  ask(port, {
    path: '/api/control',
    method: 'POST',
    headers: { Cookie: cookie, 'Content-Type': 'application/json', ...headers },
    body,
  });

describe('POST /api/control', () => {
  it('carries a command out and says what comes of it', async () => {
    const { commands, control } = recorder();
    const { port, cookie } = await startWithSession({ control });
    const paused = await post(port, cookie, '{"do":"pause"}');
    expect([paused.status, JSON.parse(paused.body.toString())]).toEqual([200, { ok: true, text: 'done' }]);
    const cancelled = await post(port, cookie, '{"do":"cancel","trial":"x"}');
    expect([cancelled.status, JSON.parse(cancelled.body.toString()).text]).toEqual([409, 'there is no such trial']);
    expect(commands).toEqual([{ do: 'pause' }, { do: 'cancel', trial: 'x' }]);
  });

  it('is refused where the server was not started for it', async () => {
    const { port, cookie } = await startWithSession();
    expect((await post(port, cookie, '{"do":"stop"}')).status).toBe(403);
  });

  it('lets the page know by /api/health whether it is there', async () => {
    for (const control of [undefined, recorder().control]) {
      const { port, cookie } = await startWithSession(control === undefined ? {} : { control });
      const health = await ask(port, { path: '/api/health', headers: { Cookie: cookie } });
      expect(JSON.parse(health.body.toString()).control).toBe(control !== undefined);
    }
  });

  it.each([
    ['no session', 401, '{"do":"stop"}', { Cookie: '' }],
    ['another origin', 403, '{"do":"stop"}', { Origin: 'http://evil.example' }],
    ['a form', 415, '{"do":"stop"}', { 'Content-Type': 'text/plain' }],
    ['an unknown command', 400, '{"do":"rm"}', {}],
    ['a count below one', 400, '{"do":"workers","count":0}', {}],
    ['a long body', 413, JSON.stringify({ do: 'cancel', trial: 'x'.repeat(5000) }), {}],
  ])('refuses %s with %i and does nothing', async (_, status, body, headers) => {
    const { commands, control } = recorder();
    const { port, cookie } = await startWithSession({ control });
    expect((await post(port, cookie, body, headers as Record<string, string>)).status).toBe(status);
    expect(commands).toEqual([]);
  });
});
