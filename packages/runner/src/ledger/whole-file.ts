import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file so that after a crash either the old or the new content is there, never a part. Throws what the file system
 * says, with `path`, which it leaves out of what it says of an open file: that the disk is full, for one.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await withHandle(temporary, 'w', async (file) => {
      await file.writeFile(content);
      await file.sync();
    });
    await rename(temporary, path);
  } catch (error) {
    // A full disk wants its room back.
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  // The rename itself is durable only once the folder is.
  await withHandle(dirname(path), 'r', (folder) => folder.sync());
}

async function withHandle(path: string, flags: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } catch (error) {
    throw error instanceof Error && !('path' in error) ? Object.assign(error, { path }) : error;
  } finally {
    await file.close();
  }
}
