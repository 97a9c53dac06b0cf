import { EXIT } from '../exit-codes.ts';
import { neverWaitForTerminals } from './terminal-output.ts';

/**
 * A reader that has enough closes its end (`l2bn table | head -1`), which is no error. A command that only shows ends there
 * and then; one that trains goes on without being read, whatever became of its output: a closed terminal (EIO), one that
 * stands still, a pipe without a reader, a file on a full disk.
 */
export function endQuietlyWhenUnread({ keepsRunning }: { keepsRunning: () => boolean }): void {
  if (keepsRunning()) neverWaitForTerminals();
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (keepsRunning()) return;
      if (error.code === 'EPIPE' || error.code === 'EIO' || stream === process.stderr) process.exit();
      process.stderr.write(`l2bn: the output cannot be written: ${error.message}\n`);
      process.exit(EXIT.environment);
    });
  }
}
