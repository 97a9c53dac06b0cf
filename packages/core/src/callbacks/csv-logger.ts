import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { InputError } from '../input-error.ts';
import { tf } from '../tensorflow.ts';
import type { CallbackState } from '../training/training-callbacks.ts';
import { type Logs, readLogs } from './resolve-logs.ts';

export interface CsvLoggerOptions {
  file: string;
  /** Goes on below what the file holds, without a second header. @defaultValue false */
  append?: boolean;
  /** @defaultValue ',' */
  separator?: string;
}

interface KeptValues {
  /** Of the file, in bytes; `null` where there is nothing to go on with: a pipe, a device, a file that is gone. */
  size: number | null;
  columns: string[] | null;
  writesHeader: boolean;
}

/**
 * Writes a line of metrics per epoch, 0-based, with all digits (`keras.callbacks.CSVLogger`). Each line is on its way to
 * disk before the next epoch begins. A trial that goes on from a checkpoint goes on with the file as it was there: lines of
 * epochs that are trained again are cut off. From a pipe or a device nothing can be taken back: there, each attempt begins
 * with a header of its own.
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
      throw unwritable(file, error);
    }
  }

  /** Brought to the disk first: a checkpoint that is there shall find its lines there. */
  getState(): CallbackState {
    const { file } = this.options;
    const { columns = null, writesHeader } = this;
    const isRegular = isRegularFile(file);
    if (isRegular) bringToDisk(file);
    const values: KeptValues = { size: isRegular ? statSync(file).size : null, columns, writesHeader };
    return { values };
  }

  /** Without a file to go on with, it is begun anew. @throws InputError if it cannot be written. */
  async onTrainResume({ values }: CallbackState): Promise<void> {
    const { file } = this.options;
    const { size, columns, writesHeader } = values as KeptValues;
    if (size === null || !isRegularFile(file)) {
      await this.onTrainBegin();
      return;
    }
    this.columns = columns ?? undefined;
    this.writesHeader = writesHeader;
    try {
      if (statSync(file).size > size) truncateSync(file, size);
    } catch (error) {
      throw unwritable(file, error);
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

const isRegularFile = (file: string): boolean => existsSync(file) && statSync(file).isFile();

/** What cannot be synced, as on some network file systems, is no less written: a checkpoint is not to fail by it. */
function bringToDisk(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  } finally {
    closeSync(descriptor);
  }
}

const unwritable = (file: string, error: unknown): InputError =>
  new InputError({ file, got: (error as Error).message, want: 'a file that can be written' });
