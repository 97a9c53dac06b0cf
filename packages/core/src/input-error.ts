/**
 * What a user gave that cannot be used: a config value, a data file, a folder.
 *
 * Every such error names where it stands, what came and what was wanted, so that it can be mended without reading code.
 * The command line prints `message` alone and exits with code 2.
 */
export interface InputProblem {
  /** File or folder that holds the problem, as the user named it. */
  file?: string;
  /** Place inside the file: `axes.l2[2]`, `line 17`, `byte 3073`, `train/cat/0001.jpg`. */
  path?: string;
  /** What stands there. */
  got: string;
  /** What can stand there. */
  want: string;
}

export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problems: readonly InputProblem[];

  constructor(...problems: InputProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

export function formatProblem({ file, path, got, want }: InputProblem): string {
  const place = [file, path].filter((part) => part !== undefined && part !== '').join(': ');
  return `${place === '' ? '' : `${place}: `}got ${got}, want ${want}`;
}

/** A short, safe rendering of a value for `InputProblem.got`. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = jsonOf(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Undefined for what JSON cannot say: functions, symbols, what holds itself or a bigint. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
