import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepEvent } from '@l2bn/core/sweep';
import { readEvents } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { type Command, l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { whileFrozen } from '../support/processes.ts';
import { printed } from '../support/recorded.ts';
import { results, type SweepResults } from './sweep.ts';

/** One trial of one long epoch. */
const SWEEP = `
name: long
config:
  model: smallConvNet
  optimizer: adam
  learningRate: 0.001
  batchSize: 4
  epochs: 1
  data: { source: synthetic, imageSize: 16, channels: 1, classes: 4, images: 10000 }
seeds: 1
workers: 1
`;

function prepare() {
  const cwd = folderWith({ 'sweep.yaml': SWEEP });
  const start = (): Command => l2bn(['run', 'sweep.yaml', '--json', '--no-page'], { cwd });
  return { folder: join(cwd, 'sweeps', 'long'), start };
}

const eventsOf = <T extends SweepEvent['type']>(folder: string, type: T) =>
  readEvents(folder).flatMap(({ event }) => (event.type === type ? [event as Extract<SweepEvent, { type: T }>] : []));

let reference: SweepResults | undefined;

/** What comes out when nothing stops it. */
async function undisturbed(): Promise<SweepResults> {
  if (reference !== undefined) return reference;
  const { folder, start } = prepare();
  const run = start();
  expect(await run.ended, run.stderr).toBe(0);
  reference = results(folder);
  return reference;
}

it.each([
  ['Ctrl-C', (run: Command) => run.child.kill('SIGINT'), 130],
  ['l2bn stop', (run: Command, cwd: string) => whileFrozen(run, () => l2bn(['stop', cwd], { cwd }).ended), 0],
] as const)('goes on from the step at which %s has stopped it, to the same bits', async (_, stop, code) => {
  const { folder, start } = prepare();
  const stoppedAt: number[] = [];
  for (let i = 0; i < 2; i++) {
    const run = start();
    await printed(run, ({ type }) => type === 'steps');
    await stop(run, folder);
    const ended = await run.ended;
    expect([code, 4], run.stderr).toContain(ended);
    const { epoch, step } = eventsOf(folder, 'checkpoint').at(-1)!;
    expect(epoch).toBe(0);
    expect(step).toBeGreaterThan(stoppedAt.at(-1) ?? 0);
    stoppedAt.push(step);
    expect(readdirSync(join(folder, 'checkpoints'), { recursive: true }).map(String)).toContainEqual(
      expect.stringMatching(/epoch-0-stopped\.ckpt$/),
    );
  }
  const last = start();
  expect(await last.ended, last.stderr).toBe(0);
  expect(eventsOf(folder, 'started').map(({ resumed }) => resumed)).toEqual([
    null,
    ...stoppedAt.map((step) => ({ epoch: 0, step })),
  ]);
  expect(results(folder)).toEqual(await undisturbed());
  expect(eventsOf(folder, 'checkpointFailed')).toEqual([]);
});
