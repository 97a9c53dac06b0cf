import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addFile, refusal, testFolder } from './fixtures/test-data.ts';
import { readFolderLayout } from './folder-layout.ts';

const paths = (...names: string[]) => testFolder(Object.fromEntries(names.map((name) => [name, 'x'])));

describe('readFolderLayout', () => {
  it('sorts classes and files, whatever the order they were made in', async () => {
    const folder = await paths('cat/10.png', 'cat/2.JPG', 'Zebra/a.jpeg', 'bee/a.png', 'bee/Z.png');
    const { classes, train, test } = await readFolderLayout(folder);
    expect(classes).toEqual(['Zebra', 'bee', 'cat']);
    expect(train.files).toEqual(
      ['Zebra/a.jpeg', 'bee/Z.png', 'bee/a.png', 'cat/10.png', 'cat/2.JPG'].map((name) => join(folder, name)),
    );
    expect([...train.labels]).toEqual([0, 1, 1, 2, 2]);
    expect(test).toBeUndefined();
  });

  it('passes over hidden files and what lies beside the class folders', async () => {
    const folder = await paths(
      'a/1.png',
      'b/1.png',
      'a/.DS_Store',
      'b/Thumbs.db',
      '.cache/1.txt',
      'README.md',
      'labels.csv',
    );
    expect((await readFolderLayout(folder)).train.files).toHaveLength(2);
  });

  it('follows links to folders and files', async () => {
    const elsewhere = await paths('b/1.png');
    const folder = await paths('a/1.png');
    await symlink(join(elsewhere, 'b'), join(folder, 'b'));
    await symlink(join(elsewhere, 'b', '1.png'), join(folder, 'a', '2.png'));
    expect([...(await readFolderLayout(folder)).train.labels]).toEqual([0, 0, 1]);
  });

  it('takes train and test apart', async () => {
    const folder = await paths('train/a/1.png', 'train/b/1.png', 'train/b/2.png', 'test/a/9.png', 'test/b/9.png');
    const { classes, train, test } = await readFolderLayout(folder);
    expect([classes.join(), train.files.length, test?.files]).toEqual([
      'a,b',
      3,
      [join(folder, 'test/a/9.png'), join(folder, 'test/b/9.png')],
    ]);
  });

  it('takes `train` for a class where it holds images', async () => {
    expect((await readFolderLayout(await paths('train/1.png', 'bus/1.png'))).classes).toEqual(['bus', 'train']);
  });

  it('names the classes that train and test do not share', async () => {
    const folder = await paths('train/a/1.png', 'train/b/1.png', 'test/a/1.png', 'test/c/1.png');
    expect((await refusal(readFolderLayout(folder))).split('\n')).toEqual([
      `${join(folder, 'test')}: got no class folder b, want the classes of ${join(folder, 'train')}`,
      `${join(folder, 'test/c')}: got a class of its own, want the classes of ${join(folder, 'train')}`,
    ]);
  });

  it('refuses other parts than train and test', async () => {
    const folder = await paths('train/a/1.png', 'train/b/1.png', 'val/a/1.png', 'val/b/1.png');
    expect(await refusal(readFolderLayout(folder))).toBe(
      `${folder}: got folders train, val, want train and test, and no other (or one folder a class)`,
    );
  });

  it('refuses a folder without class folders', async () => {
    const want = 'want at least 2 folders, one a class, with the images in them';
    const empty = await testFolder();
    expect(await refusal(readFolderLayout(empty))).toBe(`${empty}: got no class folder, ${want}`);
    const flat = await paths('b.png', 'a.png');
    expect(await refusal(readFolderLayout(flat))).toBe(
      `${flat}: got no class folder, but images such as a.png, ${want}`,
    );
    const one = await paths('a/1.png');
    expect(await refusal(readFolderLayout(one))).toBe(`${one}: got only the class folder a, ${want}`);
  });

  it('refuses an image beside the class folders, which has no class', async () => {
    const folder = await paths('a/1.png', 'b/1.png', '3.png');
    expect(await refusal(readFolderLayout(folder))).toBe(
      `${join(folder, '3.png')}: got an image beside the class folders, want it in one of them`,
    );
  });

  it('names all that is wrong inside the classes at once', async () => {
    const folder = await paths('a/1.png', 'a/2.gif', 'a/notes', 'b/deeper/1.png', 'c/1.png');
    await mkdir(join(folder, 'd'));
    await addFile(join(folder, 'e/.hidden.png'), 'x');
    expect((await refusal(readFolderLayout(folder))).split('\n')).toEqual([
      `${join(folder, 'a/2.gif')}: got a .gif file, want PNG or JPEG`,
      `${join(folder, 'a/notes')}: got a file without an extension, want PNG or JPEG`,
      `${join(folder, 'b/deeper')}: got a folder inside a class, want images only`,
      `${join(folder, 'd')}: got an empty class folder, want at least one PNG or JPEG file`,
      `${join(folder, 'e')}: got an empty class folder, want at least one PNG or JPEG file`,
    ]);
  });

  it('lists ten problems at most', async () => {
    const folder = await paths('a/1.png', ...Array.from({ length: 30 }, (_, index) => `b/${index}.txt`));
    expect((await refusal(readFolderLayout(folder))).split('\n')).toHaveLength(10);
  });
});
