import { statSync } from 'node:fs';

/** Notices that a file is gone which a process has open: it would go on writing into it, and all of it would be lost. */
export class FilePresence {
  /** The files by what they were. */
  private readonly files: ReadonlyMap<string, number>;

  /** @param files Those that are not there are not looked for. */
  constructor(files: readonly string[]) {
    const present = files.map((file) => [file, identityOf(file)] as const);
    this.files = new Map(present.flatMap(([file, id]) => (id === undefined ? [] : [[file, id]])));
  }

  /** Throws if one was deleted, moved away or replaced. */
  check(): void {
    for (const [file, id] of this.files) {
      if (identityOf(file) !== id) throw new Error(`${file} was deleted or moved away`);
    }
  }
}

const identityOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;
