import type { InputProblem } from '../input-error.ts';

/** Where a `DataConfig` was written, for errors about its keys. */
export interface ConfigPlace {
  /** The sweep file. */
  file?: string;
  /** Path of the data section inside the file. Default `data`. */
  path?: string;
}

/** A problem with one key of the data section. */
export function configProblem(place: ConfigPlace, key: string, got: string, want: string): InputProblem {
  return {
    ...(place.file === undefined ? {} : { file: place.file }),
    path: `${place.path ?? 'data'}.${key}`,
    got,
    want,
  };
}
