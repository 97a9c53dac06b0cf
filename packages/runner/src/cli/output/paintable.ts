import type { WriteStream } from 'node:tty';

/** Whether a stream is a terminal that understands control codes, so that lines can be painted over. */
export const isPaintable = ({ isTTY }: Pick<WriteStream, 'isTTY'>, { TERM } = process.env): boolean =>
  isTTY === true && TERM !== 'dumb';
