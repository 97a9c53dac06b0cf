import type { OutputConfiguration } from 'commander';
import { knownKeys, suggestKey } from '../../plan/known-keys.ts';

/** For a command that takes `key=value` words: whoever types a key as an option (`--lr 0.1`) is told the word. */
export const DASHED_KEYS: OutputConfiguration = {
  outputError: (text, write) => write(`${text}${keyHint(text)}`),
};

/** What to say below commander's `error: unknown option '--lr'`; empty where no key is meant. */
export function keyHint(error: string): string {
  const [, name, value = '…'] = /unknown option '--([^'=]+)(?:=([^']*))?'/.exec(error) ?? [];
  if (name === undefined || error.includes('Did you mean')) return '';
  const [key] = [knownKeys(''), knownKeys('axes')].flatMap((keys) => (keys.includes(name) ? name : []));
  const meant = key ?? /^"([\w.]+)"$/.exec(suggestKey(name, 'axes'))?.[1];
  return meant === undefined ? '' : `(keys are set without dashes: ${meant}=${value})\n`;
}
