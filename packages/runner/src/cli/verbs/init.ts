import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@l2bn/core/sweep';
import type { Command } from 'commander';
import { quoted } from '../advice/shell-word.ts';
import { EXIT } from '../exit-codes.ts';
import { sweepTemplate } from '../init/sweep-template.ts';
import { examples, exitingWith } from './verb.ts';

const SCHEMA = fileURLToPath(new URL('../../../schema/l2bn.v1.json', import.meta.url));
const MAX_NAME = 64;

export function registerInit(program: Command): void {
  program
    .command('init')
    .description(
      'Writes a sweep file to start from: L2 strength against Batch Normalization on the digits that come with l2bn, with every other key in a comment at its default. Never writes over a file.',
    )
    .argument('[file]', 'file to write, .yaml or .yml', 'sweep.yaml')
    .addHelpText('after', examples('l2bn init', 'l2bn init width.yaml   # a sweep called width'))
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
    await writeFile(file, sweepTemplate(nameOf(file), schema, quoted(file)), { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      const want = 'a new one: l2bn init OTHER.yaml, or move this one away';
      throw new InputError({ file, got: 'a file that is there already', want });
    }
    if (code === 'ENOENT') {
      const want = `a folder that is there: mkdir -p ${quoted(dirname(file))}`;
      throw new InputError({ file, got: 'no such folder', want });
    }
    throw error;
  }
  const name = quoted(file);
  process.stderr.write(
    [
      `${file} is written: L2 strength against Batch Normalization, 10 trials. Change it as you like, then`,
      `  l2bn plan ${name}   shows what it would run, and how long that takes`,
      `  l2bn run ${name}    runs it, with the live page\n`,
    ].join('\n'),
  );
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
