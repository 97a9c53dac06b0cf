/** Says what a sweep may do but hardly wants to: on stderr, a line each. */
export function sayWarnings(file: string, warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`warning: ${file}: ${warning}\n`);
}
