import { readFile, writeFile } from 'node:fs/promises';
import { jsonSchemaText } from './json-schema.ts';
import { withKeyTables } from './sweep-file-reference.ts';

/** `npm run schema`: writes the JSON Schema that editors read, and the tables of docs/sweep-file.md. */
await writeFile(new URL('../../schema/l2bn.v1.json', import.meta.url), jsonSchemaText());
const page = new URL('../../../../docs/sweep-file.md', import.meta.url);
await writeFile(page, withKeyTables(await readFile(page, 'utf8')));
