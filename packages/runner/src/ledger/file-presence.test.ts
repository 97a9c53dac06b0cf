import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { FilePresence } from './file-presence.ts';

it.each([
  ['deleted', (file: string) => rmSync(file)],
  ['moved away', (file: string) => renameSync(file, `${file}.old`)],
  [
    'replaced',
    (file: string) => {
      writeFileSync(`${file}.new`, '');
      renameSync(`${file}.new`, file);
    },
  ],
])('notices a file that was %s, and none that was never there', (_, take) => {
  const file = join(temporaryFolder(), 'ledger.db');
  writeFileSync(file, '');
  const presence = new FilePresence([file, `${file}-wal`]);
  writeFileSync(file, 'more');
  writeFileSync(`${file}-wal`, '');
  expect(() => presence.check()).not.toThrow();
  take(file);
  expect(() => presence.check()).toThrow(`${file} was deleted or moved away`);
});
