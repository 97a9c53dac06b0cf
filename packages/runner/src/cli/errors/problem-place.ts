import type { InputProblem } from '@l2bn/core/sweep';

export interface ProblemPlace {
  file?: string;
  /** From 1 on. */
  line?: number;
  column?: number;
}

/** `sweep.yaml:3:7`, as a problem has it in one word, by its parts. */
export function placeOf({ file }: InputProblem): ProblemPlace {
  if (file === undefined) return {};
  const [, name, line, column] = /^(.*?):(\d+)(?::(\d+))?$/.exec(file) ?? [];
  if (name === undefined) return { file };
  return { file: name, line: Number(line), ...(column === undefined ? {} : { column: Number(column) }) };
}
