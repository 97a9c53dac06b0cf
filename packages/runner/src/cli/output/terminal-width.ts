import type { WriteStream } from 'node:tty';

/** Characters in a line of the terminal that a stream is; infinite of a pipe, a file, and where it does not say. */
export const terminalWidth = ({ isTTY, columns }: Pick<WriteStream, 'isTTY' | 'columns'>): number =>
  isTTY === true && columns > 0 ? columns : Number.POSITIVE_INFINITY;
