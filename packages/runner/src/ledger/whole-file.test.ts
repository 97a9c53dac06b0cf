import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { writeWhole } from './whole-file.ts';

/** Calls `look` whenever a file or a folder is about to be brought to the disk. */
async function onSync(folder: string, look: (what: 'file' | 'folder') => Promise<void>): Promise<void> {
  const handle = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const { sync } = prototype;
  const spy = vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
    await look((await this.stat()).isDirectory() ? 'folder' : 'file');
    await sync.call(this);
  });
  onTestFinished(() => spy.mockRestore());
}

it('brings the content to the disk before the name, and the name before it returns', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'plan.json');
  writeFileSync(path, 'old');
  const seen: string[] = [];
  await onSync(folder, async (what) => {
    const there = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    seen.push(`${what}: ${there.toSorted().join(', ')}`);
  });
  await writeWhole(path, 'new');
  expect(seen).toEqual(['file: new, old', 'folder: new']);
});

it('leaves the old content and nothing else where the disk does not take the new one', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'plan.json');
  writeFileSync(path, 'old');
  await onSync(folder, () => Promise.reject(new Error('no space')));
  await expect(writeWhole(path, 'new')).rejects.toMatchObject({
    message: 'no space',
    path: expect.stringMatching(/plan\.json\.\d+\.tmp$/),
  });
  expect(readdirSync(folder)).toEqual(['plan.json']);
  expect(readFileSync(path, 'utf8')).toBe('old');
});
