import { resolve } from 'node:path';
import { shownFolder } from '../target/sweep-folder.ts';
import { readSource } from '../target/sweep-source.ts';
import { quoted } from './shell-word.ts';

/**
 * The command that goes on with a folder of results, by the sweep file and the words that it records; where it records none
 * that is still there, whoever runs it has to name the file.
 */
export function resumeCommand(folder: string): string {
  const shown = commandWord(folder);
  return readSource(folder) === undefined ? `l2bn run FILE --output ${shown}` : `l2bn run ${shown}`;
}

/** The command that puts what has failed there back. */
export const retryCommand = (folder: string): string => `l2bn retry ${commandWord(folder)}`;

/** The command that shows all columns of its table, however narrow the terminal. */
export const wideTableCommand = (folder: string): string => `l2bn table ${commandWord(folder)} --wide`;

const commandWord = (folder: string): string => quoted(shownFolder(resolve(folder)));
