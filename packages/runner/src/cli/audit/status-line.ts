import type { WriteStream } from 'node:tty';
import { isPaintable } from '../output/paintable.ts';

const CLEAR_LINE = '\r\u001b[K';

/** One line that says what is being done, on a terminal only; gone when it is done. */
export class StatusLine {
  private readonly stream: WriteStream;

  constructor(stream: WriteStream) {
    this.stream = stream;
  }

  show(text: string): void {
    if (!isPaintable(this.stream)) return;
    // A pseudo-terminal without a size says 0.
    const columns = this.stream.columns || 80;
    this.stream.write(`${CLEAR_LINE}${`${text} …`.slice(0, columns - 1)}`);
  }

  clear(): void {
    if (isPaintable(this.stream)) this.stream.write(CLEAR_LINE);
  }
}
