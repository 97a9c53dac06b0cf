import { readdir, stat } from 'node:fs/promises';

/** Size in bytes of a regular file; undefined where there is none. */
export async function fileSize(file: string): Promise<number | undefined> {
  const stats = await stat(file).catch(noneThere);
  return stats?.isFile() ? stats.size : undefined;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(noneThere))?.isDirectory() ?? false;
}

/** Names a system leaves behind in folders that people look into. */
const LITTER = new Set(['thumbs.db', 'desktop.ini']);

/**
 * What a folder holds, hidden files left out, links followed. Sorted by code unit, which is the same on every machine and
 * in every language, unlike the order the file system gives.
 */
export async function listFolder(folder: string): Promise<{ folders: string[]; files: string[] }> {
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || LITTER.has(entry.name.toLowerCase())) continue;
    const isDirectory = entry.isSymbolicLink() ? await isFolder(`${folder}/${entry.name}`) : entry.isDirectory();
    (isDirectory ? folders : files).push(entry.name);
  }
  return { folders: folders.sort(), files: files.sort() };
}

function noneThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
