import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readEvents } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { printed, printedEvents } from '../support/recorded.ts';
import { expectEveryTrialOnce, prepare, results, undisturbed } from './sweep.ts';

const EPOCHS = 60;

it('says how much is gone where the log of the ledger was deleted after a kill, and trains it again to the same bits', async () => {
  const sweep = prepare({ name: 'deleted-log', epochs: EPOCHS });
  const start = () => l2bn([...sweep.arguments, '--no-page'], { cwd: sweep.cwd });
  const killed = start();
  await printed(killed, (event) => event.type === 'checkpoint' && event.epoch === 5);
  killed.child.kill('SIGKILL');
  await killed.ended;
  const acknowledged = printedEvents(killed).at(-1)!.seq;
  rmSync(join(sweep.folder, 'ledger.db-wal'));
  expect(existsSync(join(sweep.folder, 'ledger.mark'))).toBe(true);

  const again = start();
  const { event, seq } = await printed(again, ({ type }) => type === 'phase');
  const [, lost] = /^the last (\d+) events that were recorded are gone: /.exec(
    event.type === 'phase' ? event.detail! : '',
  )!;
  // Nothing that was acknowledged is missing in the count.
  const closed = readEvents(sweep.folder).filter(({ event: said, seq: at }) => said.type === 'interrupted' && at < seq);
  expect(Number(lost)).toBeGreaterThanOrEqual(acknowledged - (seq - 1 - closed.length));
  expect(Number(lost)).toBeGreaterThan(0);
  expect(await again.ended, again.stderr).toBe(0);
  expectEveryTrialOnce(sweep.folder);
  expect(results(sweep.folder)).toEqual(await undisturbed(EPOCHS));
  expect(readEvents(sweep.folder).filter(({ event: said }) => JSON.stringify(said).includes('are gone'))).toHaveLength(
    1,
  );
});
