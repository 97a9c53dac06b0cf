import type { SweepEvent } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../page.css';
import { mount, type PageFixture, pageFixture } from '../fixtures/page-fixture.ts';
import { articleSweep, seedsSweep } from '../fixtures/sweeps.ts';
import type { App } from './app.ts';
import './app.ts';

const sweep = seedsSweep();

async function open(allows: boolean, share = 0.55): Promise<PageFixture> {
  const model = pageFixture(sweep, share);
  model.desk.allows = allows;
  await mount<App>('l2bn-app', model);
  await model.control.refresh();
  return model;
}

const controls = () => page.getByRole('region', { name: 'Control of the sweep' });
const ofTrial = () => page.getByRole('group', { name: 'Control of the trial' });
const button = (name: string) => page.getByRole('button', { name, exact: true });

describe('controls', () => {
  it('are not there for a server that takes no commands', async () => {
    const model = await open(false);
    model.selection.select([sweep.plan.trials[0]!.id]);
    await expect.element(page.getByRole('complementary', { name: 'Selected trial' })).toBeVisible();
    await expect.element(controls()).not.toBeInTheDocument();
    await expect.element(ofTrial()).not.toBeInTheDocument();
  });

  it('pause, show the answer, and offer to go on', async () => {
    const model = await open(true);
    model.desk.reply = { ok: true, text: 'paused: 4 running trials go on, no new ones start' };
    await button('Pause').click();
    expect(model.desk.commands).toEqual([{ do: 'pause' }]);
    await expect.element(controls().getByText('✓ paused: 4 running trials go on, no new ones start')).toBeVisible();
    model.store.apply([{ seq: model.store.seq + 1, at: 1.8e12, event: { type: 'phase', phase: 'paused' } }]);
    await button('Resume').click();
    expect(model.desk.commands.at(-1)).toEqual({ do: 'resume' });
  });

  it('ask before they stop, with the keyboard on the harmless answer', async () => {
    const model = await open(true);
    await button('Stop …').click();
    await expect.element(page.getByRole('dialog', { name: 'Stop the sweep?' })).toBeVisible();
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    await button('Stop …').click();
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    expect(model.desk.commands).toEqual([]);
    await button('Stop …').click();
    await button('Stop the sweep').click();
    await expect.poll(() => model.desk.commands).toEqual([{ do: 'stop' }]);
  });

  it('set the number of workers, and tell a refusal', async () => {
    const model = await open(true);
    model.desk.reply = { ok: false, text: 'this sweep was started for at most 4 workers' };
    await expect.element(button('Set')).toBeDisabled();
    await page.getByLabelText('Workers').fill('9');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByText('✕ this sweep was started for at most 4 workers')).toBeVisible();
    expect(model.desk.commands).toEqual([{ do: 'workers', count: 9 }]);
    await expect.element(page.getByLabelText('Workers')).toHaveValue(4);
  });

  it('say how many workers there can be, and leave what is more to the server', async () => {
    const model = await open(true);
    const field = page.getByLabelText('Workers');
    await expect.element(field).not.toHaveAttribute('max');
    await expect.element(controls().getByText(/at most/)).not.toBeInTheDocument();
    model.connection.greet({ maxWorkers: 6 });
    await expect.element(field).toHaveAttribute('max', '6');
    await expect.element(field).toHaveAccessibleDescription(/^at most 6: what cores, memory and trials allow, or/);
    await userEvent.fill(field, '6');
    await userEvent.keyboard('{ArrowUp}');
    await expect.element(field).toHaveValue(6);
    await userEvent.fill(field, '7');
    model.desk.reply = { ok: false, text: 'this sweep was started for at most 6 workers' };
    await button('Set').click();
    expect(model.desk.commands).toEqual([{ do: 'workers', count: 7 }]);
    await expect.element(page.getByText('✕ this sweep was started for at most 6 workers')).toBeVisible();
  });

  it('name no number of workers before there is one', async () => {
    const model = await open(true, 0);
    await expect.element(page.getByLabelText('Workers')).toHaveValue(null);
    await expect.element(button('Set')).toBeDisabled();
    model.store.apply([
      { seq: model.store.seq + 1, at: 1.8e12, event: { type: 'phase', phase: 'running', workers: 3 } },
    ]);
    await expect.element(page.getByLabelText('Workers')).toHaveValue(3);
  });

  it('ask before they stop with the command that goes on', async () => {
    const model = await open(true);
    await button('Stop …').click();
    const dialog = page.getByRole('dialog', { name: 'Stop the sweep?' });
    await expect.element(dialog.getByText(/the same “l2bn run” goes on from the last checkpoints/)).toBeVisible();
    model.connection.greet({ resumeCommand: 'l2bn run sweeps/digits' });
    await expect.element(dialog.getByText(/“l2bn run sweeps\/digits” goes on from the last checkpoints/)).toBeVisible();
  });

  it('cancel what runs and retry what has no result', async () => {
    const model = await open(true);
    const running = model.store.state!.trials.find(({ status }) => status === 'running')!;
    model.desk.reply = { ok: true, text: 'it ends at its next step' };
    model.selection.select([running.id]);
    await expect.element(button('Retry trial')).toBeDisabled();
    await button('Cancel trial').click();
    expect(model.desk.commands).toEqual([{ do: 'cancel', trial: running.id }]);
    await expect.element(ofTrial().getByText('✓ it ends at its next step')).toBeVisible();
    model.selection.select([sweep.plan.trials[0]!.id]);
    await expect.element(button('Cancel trial')).toBeDisabled();
    await expect.element(ofTrial().getByText(/next step/)).not.toBeInTheDocument();
  });

  it('retry all that failed, wait while the sweep stops, and are gone when it has ended', async () => {
    const model = await open(true, 0.999);
    await button('Retry 1 failed').click();
    expect(model.desk.commands).toEqual([{ do: 'retry', trial: null }]);
    model.store.apply([{ seq: model.store.seq + 1, at: 1.8e12, event: { type: 'phase', phase: 'stopping' } }]);
    for (const name of ['Pause', 'Stop …', 'Retry 1 failed']) await expect.element(button(name)).toBeDisabled();
    model.store.apply([{ seq: model.store.seq + 1, at: 1.8e12, event: { type: 'phase', phase: 'stopped' } }]);
    await expect.element(controls()).not.toBeInTheDocument();
  });

  it('put back what failed also when all is over and the page stays up', async () => {
    const model = await open(true, 1);
    model.desk.reply = { ok: true, text: '1 put back; the process that kept the page up goes on' };
    await expect.element(button('Pause')).not.toBeInTheDocument();
    model.selection.select([model.store.state!.trials.find(({ status }) => status === 'done')!.id]);
    await expect.element(page.getByRole('complementary', { name: 'Selected trial' }).getByText('done')).toBeVisible();
    await expect.element(ofTrial()).not.toBeInTheDocument();
    const { id } = model.store.state!.trials.find(({ status }) => status === 'failed')!;
    model.selection.select([id]);
    await expect.element(button('Cancel trial')).toBeDisabled();
    await button('Retry trial').click();
    await button('Retry 1 failed').click();
    await expect
      .poll(() => model.desk.commands)
      .toEqual([
        { do: 'retry', trial: id },
        { do: 'retry', trial: null },
      ]);
    await expect.element(controls().getByText(/✓ 1 put back/)).toBeVisible();
  });

  it('keep keyboard and answer in one place while what is put back goes on', async () => {
    const model = await open(true, 1);
    model.desk.reply = { ok: true, text: '1 put back; the process that kept the page up goes on' };
    await expect.element(button('Retry 1 failed')).toBeEnabled();
    const section = controls().element();
    const output = section.querySelector('output');
    const focused = () => (section.getRootNode() as ShadowRoot).activeElement;
    (button('Retry 1 failed').element() as HTMLElement).focus();
    await userEvent.keyboard('{Enter}');
    await expect.element(controls().getByText(/✓ 1 put back/)).toBeVisible();
    expect(focused()).toBe(button('Retry 1 failed').element());

    const { id, attempt } = model.store.state!.trials.find(({ status }) => status === 'failed')!;
    const tell = (event: SweepEvent) => void model.store.apply([{ seq: model.store.seq + 1, at: 1.8e12, event }]);
    tell({ type: 'requeued', trial: id, attempt });
    await expect.element(button('Retry 1 failed')).not.toBeInTheDocument();
    expect(focused()).toBe(section);
    tell({ type: 'phase', phase: 'preparing' });
    await expect.element(button('Pause')).toBeVisible();
    expect(focused()).toBe(section);
    expect(controls().element()).toBe(section);
    expect(section.querySelector('output')).toBe(output);
    expect(output?.textContent).toMatch(/✓ 1 put back/);
    await userEvent.keyboard('{Tab}');
    expect(focused()).toBe(button('Pause').element());
  });

  it('leave the keyboard where it is while a command has no answer', async () => {
    const model = await open(true);
    let answer = () => {};
    model.desk.ready = new Promise((ready) => {
      answer = ready;
    });
    const pause = button('Pause').element() as HTMLElement;
    pause.focus();
    await userEvent.keyboard('{Enter}');
    await expect.element(button('Pause')).toHaveAttribute('aria-disabled', 'true');
    await userEvent.keyboard('{Enter}');
    answer();
    await expect.element(controls().getByText('✓ done')).toBeVisible();
    model.store.apply([{ seq: model.store.seq + 1, at: 1.8e12, event: { type: 'phase', phase: 'paused' } }]);
    await expect.element(button('Resume')).not.toHaveAttribute('aria-disabled');
    await userEvent.keyboard('{Enter}');
    expect(model.desk.commands).toEqual([{ do: 'pause' }, { do: 'resume' }]);
  });

  it('are not there when all is over and nothing failed', async () => {
    const model = pageFixture(articleSweep(), 1);
    model.desk.allows = true;
    await mount<App>('l2bn-app', model);
    await model.control.refresh();
    await expect.element(page.getByText(/^Finished\./)).toBeVisible();
    await expect.element(controls()).not.toBeInTheDocument();
  });
});
