import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InputError } from '@l2bn/core/sweep';

/** Where the built page lies. */
export function pageDirectory(): string {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@l2bn/dashboard/package.json')), 'dist', 'page');
  if (existsSync(join(folder, 'index.html'))) return folder;
  throw new InputError({ file: folder, got: 'no built page', want: 'the built page (npm run build), or --no-page' });
}
