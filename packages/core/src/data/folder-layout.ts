import { extname, join } from 'node:path';
import { InputError, type InputProblem } from '../input-error.ts';
import { listFolder } from './data-files.ts';

/** Image files and the class of each. */
export interface LabelledFiles {
  files: string[];
  labels: Uint16Array;
}

export interface FolderLayout {
  /** Class names, sorted. */
  classes: string[];
  train: LabelledFiles;
  /** From `test/`, in the layout that has it. */
  test?: LabelledFiles;
}

const EXTENSIONS = new Set(['.png', '.jpg', '.jpeg']);
const isImage = (name: string): boolean => EXTENSIONS.has(extname(name).toLowerCase());
/** Labels are 16-bit numbers. */
const MOST_CLASSES = 2 ** 16;
/** What one error lists; a folder of the wrong kind has thousands. */
const MOST_PROBLEMS = 10;

/**
 * What an image folder holds, by the names alone: `<class>/*.{png,jpg,jpeg}`, or `train/<class>/…` and `test/<class>/…`
 * with the same classes. Classes and files are sorted by code unit, so labels do not depend on the file system. Hidden
 * files, and other files beside the class folders (a licence, a readme), are passed over.
 *
 * @throws InputError for no class folders, an empty class, classes that differ, and files that are not images.
 */
export async function readFolderLayout(folder: string): Promise<FolderLayout> {
  const { folders } = await listFolder(folder);
  const parted = folders.includes('train') && (await listFolder(join(folder, 'train'))).folders.length > 0;
  if (!parted) {
    const classes = await classFolders(folder);
    return { classes, train: await labelledFiles(folder, classes) };
  }
  if (folders.length !== 2 || !folders.includes('test')) {
    const got = `folders ${folders.join(', ')}`;
    throw new InputError({ file: folder, got, want: 'train and test, and no other (or one folder a class)' });
  }
  const trainFolder = join(folder, 'train');
  const testFolder = join(folder, 'test');
  const classes = await classFolders(trainFolder);
  checkSameClasses(trainFolder, classes, testFolder, await classFolders(testFolder));
  const train = await labelledFiles(trainFolder, classes);
  return { classes, train, test: await labelledFiles(testFolder, classes) };
}

async function classFolders(folder: string): Promise<string[]> {
  const { folders, files } = await listFolder(folder);
  const stray = files.find(isImage);
  if (folders.length < 2) {
    const found = folders.length === 0 ? 'no class folder' : `only the class folder ${folders[0]}`;
    const got = stray === undefined ? found : `${found}, but images such as ${stray}`;
    throw new InputError({ file: folder, got, want: 'at least 2 folders, one a class, with the images in them' });
  }
  if (stray !== undefined) {
    throw new InputError({
      file: join(folder, stray),
      got: 'an image beside the class folders',
      want: 'it in one of them',
    });
  }
  if (folders.length > MOST_CLASSES) {
    throw new InputError({ file: folder, got: `${folders.length} class folders`, want: `at most ${MOST_CLASSES}` });
  }
  return folders;
}

function checkSameClasses(trainFolder: string, train: string[], testFolder: string, test: string[]): void {
  const problems: InputProblem[] = [
    ...train
      .filter((name) => !test.includes(name))
      .map((name) => ({ file: testFolder, got: `no class folder ${name}`, want: `the classes of ${trainFolder}` })),
    ...test
      .filter((name) => !train.includes(name))
      .map((name) => ({
        file: join(testFolder, name),
        got: 'a class of its own',
        want: `the classes of ${trainFolder}`,
      })),
  ];
  if (problems.length > 0) throw new InputError(...problems.slice(0, MOST_PROBLEMS));
}

async function labelledFiles(folder: string, classes: string[]): Promise<LabelledFiles> {
  const problems: InputProblem[] = [];
  const files: string[] = [];
  const labels: number[] = [];
  for (const [label, name] of classes.entries()) {
    const classFolder = join(folder, name);
    const inside = await listFolder(classFolder);
    for (const sub of inside.folders) {
      problems.push({ file: join(classFolder, sub), got: 'a folder inside a class', want: 'images only' });
    }
    for (const file of inside.files) {
      if (isImage(file)) {
        files.push(join(classFolder, file));
        labels.push(label);
      } else problems.push(notAnImage(join(classFolder, file)));
    }
    if (inside.files.length === 0 && inside.folders.length === 0) {
      problems.push({ file: classFolder, got: 'an empty class folder', want: 'at least one PNG or JPEG file' });
    }
  }
  if (problems.length > 0) throw new InputError(...problems.slice(0, MOST_PROBLEMS));
  return { files, labels: Uint16Array.from(labels) };
}

function notAnImage(file: string): InputProblem {
  const got = extname(file) === '' ? 'a file without an extension' : `a ${extname(file)} file`;
  return { file, got, want: 'PNG or JPEG' };
}
