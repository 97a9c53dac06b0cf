import { writeFile } from 'node:fs/promises';
import { jsonSchemaText } from './json-schema.ts';

/** `npm run schema`: writes the JSON Schema that editors read. */
await writeFile(new URL('../../schema/l2bn.v1.json', import.meta.url), jsonSchemaText());
