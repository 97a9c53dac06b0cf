import { describe, expect, it } from 'vitest';
import { ControlDesk } from '../fixtures/page-fixture.ts';
import { commandsOf, SweepControl } from './control.ts';

const BASE = 'http://sweep.test/';

describe('SweepControl', () => {
  it('asks the server whether it takes commands, each time anew', async () => {
    const desk = new ControlDesk();
    const control = new SweepControl(BASE, desk.fetch);
    const seen: boolean[] = [];
    control.addEventListener('change', () => seen.push(control.allowed));
    await control.refresh();
    desk.allows = true;
    await control.refresh();
    await control.refresh();
    desk.allows = false;
    await control.refresh();
    expect(seen).toEqual([true, false]);
  });

  it('believes the latest answer, in whatever order they come', async () => {
    const answers: ((response: Response) => void)[] = [];
    const control = new SweepControl(BASE, () => new Promise((resolve) => answers.push(resolve)));
    const [first, second] = [control.refresh(), control.refresh()];
    answers[1]!(Response.json({ control: true }));
    await second;
    answers[0]!(Response.json({ control: false }));
    await first;
    expect(control.allowed).toBe(true);
  });

  it('keeps the reply with its command, and sends one at a time', async () => {
    const desk = new ControlDesk();
    desk.reply = { ok: false, text: 'the sweep is not paused' };
    const control = new SweepControl(BASE, desk.fetch);
    const sent = control.send({ do: 'resume' });
    expect(control.pending).toEqual({ do: 'resume' });
    await control.send({ do: 'stop' });
    await sent;
    expect(desk.commands).toEqual([{ do: 'resume' }]);
    expect(control.pending).toBeNull();
    expect(control.reply).toEqual({ ok: false, text: 'the sweep is not paused', command: { do: 'resume' } });
  });

  it('says why there is no reply', async () => {
    const forbidden = new SweepControl(BASE, async () =>
      Response.json({ error: 'this page is read-only' }, { status: 403 }),
    );
    await forbidden.send({ do: 'stop' });
    expect(forbidden.reply).toMatchObject({ ok: false, text: 'this page is read-only' });
    const gone = new SweepControl(BASE, () => Promise.reject(new TypeError('fetch failed')));
    await gone.send({ do: 'stop' });
    expect(gone.reply).toMatchObject({ ok: false, text: expect.stringContaining('does not answer') });
  });
});

describe('commandsOf', () => {
  it('offers what the phase takes', () => {
    expect([...commandsOf('running')]).toContain('pause');
    expect([...commandsOf('paused')]).not.toContain('pause');
    expect(commandsOf('stopping').size).toBe(0);
  });
});
