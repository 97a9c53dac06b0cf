/**
 * A reader that has enough closes its end (`l2bn table | head -1`), which is no error. A command that only shows ends there
 * and then; one that trains goes on without being read.
 */
export function endQuietlyWhenUnread({ keepsRunning }: { keepsRunning: () => boolean }): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!keepsRunning()) process.exit();
    });
  }
}
