import { appendFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { InputError } from '../input-error.ts';
import { tf } from '../tensorflow.ts';
import { type Logs, readLogs } from './resolve-logs.ts';

export interface CsvLoggerOptions {
  file: string;
  /** Goes on below what the file holds, without a second header. @defaultValue false */
  append?: boolean;
  /** @defaultValue ',' */
  separator?: string;
}

/**
 * Writes a line of metrics per epoch, 0-based, with all digits (`keras.callbacks.CSVLogger`). Each line is on its way to
 * disk before the next epoch begins.
 */
export class CsvLogger extends tf.Callback {
  private readonly options: Required<CsvLoggerOptions>;
  private columns: string[] | undefined;
  private writesHeader = true;

  constructor(options: CsvLoggerOptions) {
    super();
    this.options = { append: false, separator: ',', ...options };
  }

  /** @throws InputError if the file cannot be written. */
  override async onTrainBegin(): Promise<void> {
    const { file, append } = this.options;
    this.columns = undefined;
    this.writesHeader = !(append && existsSync(file) && statSync(file).size > 0);
    try {
      if (this.writesHeader) writeFileSync(file, '');
      else appendFileSync(file, '');
    } catch (error) {
      throw new InputError({ file, got: (error as Error).message, want: 'a file that can be written' });
    }
  }

  override async onEpochEnd(epoch: number, logs?: Logs): Promise<void> {
    const values = await readLogs(logs);
    if (this.columns === undefined) {
      this.columns = Object.keys(values).sort();
      if (this.writesHeader) this.write(['epoch', ...this.columns]);
    }
    this.write([epoch, ...this.columns.map((name) => values[name] ?? Number.NaN)]);
  }

  private write(cells: (string | number)[]): void {
    appendFileSync(this.options.file, `${cells.join(this.options.separator)}\n`);
  }
}
