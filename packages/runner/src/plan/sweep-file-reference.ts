import { jsonSchemaText } from './json-schema.ts';
import { keyTables, type SchemaNode } from './key-tables.ts';

/** Between `<!-- keys: NAME -->` and `<!-- /keys -->` of docs/sweep-file.md stands the table of that name. */
const BLOCK = /(<!-- keys: (\S+) -->\n\n)[\s\S]*?(\n*<!-- \/keys -->)/g;

/** The page with its tables of keys as the schema has them now. Everything between the tables is written by hand. */
export function withKeyTables(page: string): string {
  const tables = keyTables(JSON.parse(jsonSchemaText()) as SchemaNode);
  return page.replaceAll(BLOCK, (_, start: string, name: string) => `${start}${tables[name]}\n\n<!-- /keys -->`);
}

/** Names of the tables that there are, each of which the page must hold. */
export const tableNames = (): string[] => Object.keys(keyTables(JSON.parse(jsonSchemaText()) as SchemaNode));
