import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@l2bn/core/sweep';
import type { Command } from 'commander';
import { EXIT } from './exit-codes.ts';
import { sweepTemplate } from './sweep-template.ts';
import { examples, exitingWith } from './verb.ts';

const SCHEMA = fileURLToPath(new URL('../../schema/l2bn.v1.json', import.meta.url));
const MAX_NAME = 64;

export function registerInit(program: Command): void {
  program
    .command('init')
    .description('write a sweep file to start from, with every key explained')
    .argument('[file]', 'file to write, .yaml or .yml', 'sweep.yaml')
    .addHelpText('after', examples('l2bn init', 'l2bn init depth.yaml && l2bn run depth.yaml'))
    .action(exitingWith(init));
}

async function init(file: string): Promise<number> {
  const extension = extname(file);
  if (!['.yaml', '.yml'].includes(extension.toLowerCase())) {
    const got = extension === '' ? 'no file ending' : `a ${extension} file`;
    throw new InputError({ file, got, want: 'a file ending in .yaml or .yml' });
  }
  const schema = relative(dirname(resolve(file)), SCHEMA)
    .split(sep)
    .join('/');
  try {
    await writeFile(file, sweepTemplate(nameOf(file), schema), { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new InputError({ file, got: 'a file that is there', want: 'a new file' });
    if (code === 'ENOENT')
      throw new InputError({ file, got: 'a folder that is not there', want: 'a file in a folder that is' });
    throw error;
  }
  process.stderr.write(`${file}: written. Next: l2bn plan ${file}, l2bn run ${file}\n`);
  return EXIT.ok;
}

/** The file's name as a sweep may be called. */
export function nameOf(file: string): string {
  const name = basename(file, extname(file))
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, MAX_NAME);
  return name === '' ? 'sweep' : name;
}
