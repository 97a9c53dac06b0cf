import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../fixtures/folder.ts';
import { FOUR_ARMS, planOf } from '../../fixtures/plans.ts';
import { SimulatedEngine } from '../../fixtures/simulated-engine.ts';
import type { LoadedSweep } from '../../plan/build-plan.ts';
import { Coordinator } from '../../schedule/coordinator.ts';
import { logIn } from '../../server/fixtures/ask.ts';
import { PageClient } from '../../server/fixtures/page-client.ts';
import { train } from './train.ts';

const METRICS = { crossEntropy: 1, penalty: 0, accuracy: 0.5 };
const REFUSED = new InputError(
  { path: 'config.data', got: 'other images', want: 'those of before' },
  { path: 'config.model', got: 'another net', want: 'that of before' },
);

/** An engine that starts when it is told to. */
class LateEngine extends SimulatedEngine {
  override start(): void {}
}

/** A page of the sweep in a folder, as soon as there is one; it has every event so far. */
async function openPage(folder: string): Promise<PageClient> {
  const [, url, port] = await vi.waitFor(
    () => {
      const printed = /page: (\S+:(\d+)\/#t=\S+)/.exec(readFileSync(join(folder, 'sweep.log'), 'utf8'));
      expect(printed).not.toBeNull();
      return printed!;
    },
    { timeout: 30_000, interval: 5 },
  );
  const live = new URL('api/live', url);
  const Cookie = await logIn(Number(port), url!);
  const { page, boot, seq } = await PageClient.connect(live.href, { headers: { Cookie } });
  page.resume(boot, 0);
  await page.eventsUntil(seq, 0);
  return page;
}

it('tells pages why a sweep cannot go on with what it was given', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const folder = temporaryFolder();
  const plan = planOf(FOUR_ARMS);
  let refuse = (_: InputError) => {};
  const coordinator = new Coordinator({
    plan,
    folder,
    baseDirectory: folder,
    workers: 1,
    retries: 0,
    createEngine: (_, events) => {
      refuse = events.onRefused;
      return new LateEngine({ events, validation: () => METRICS, duration: () => 1 });
    },
  });
  const loaded = { plan, place: (problem) => ({ ...problem, file: 'arms.yaml:3' }) } as LoadedSweep;
  const run = train(coordinator, loaded, {
    file: 'arms.yaml',
    folder,
    overrides: [],
    maxWorkers: 1,
    isNew: true,
    page: true,
    port: 0,
    allowControl: false,
    json: false,
    fresh: false,
    onFailure: Number.POSITIVE_INFINITY,
  });
  const page = await openPage(folder);
  refuse(REFUSED);
  await expect(run).rejects.toBe(REFUSED);
  const { events } = await page.take('batch');
  expect(events).toMatchObject([{ event: { type: 'phase', phase: 'stopped' } }]);
  expect((await page.take('bye')).reason).toBe(
    'arms.yaml:3: config.data: got other images, want those of before; ' +
      'arms.yaml:3: config.model: got another net, want that of before',
  );
});
