import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith } from './folder.ts';

const PRELOAD = new URL('./clock.mjs', import.meta.url).href;

/** A wall clock that the test can set, for the programs started with `env` and all that they start. */
export class WallClock {
  private readonly file: string;
  private current = 0;

  constructor() {
    this.file = join(folderWith(), 'offset');
    this.set(0);
  }

  /** What to start a program with. */
  get env(): NodeJS.ProcessEnv {
    return { NODE_OPTIONS: `--import=${PRELOAD}`, L2BN_TEST_CLOCK: this.file };
  }

  /** Difference to the test's own clock, in ms. */
  get offset(): number {
    return this.current;
  }

  /** From here on, every look at the clock sees this difference. */
  set(offset: number): void {
    this.current = offset;
    // In one piece: a reader must not see half a number.
    writeFileSync(`${this.file}.new`, String(offset));
    renameSync(`${this.file}.new`, this.file);
  }
}
