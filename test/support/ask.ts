import { l2bn } from './command.ts';

/** Runs a command to its end, as in another terminal. */
export async function ask(cwd: string, ...words: string[]) {
  const command = l2bn(words, { cwd });
  return { code: await command.ended, stdout: command.stdout, stderr: command.stderr };
}
