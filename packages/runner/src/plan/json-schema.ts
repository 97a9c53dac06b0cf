import { toJsonSchema } from '@valibot/to-json-schema';
import { SweepFileSchema } from './sweep-file.ts';

/** The sweep file's JSON Schema, as text with a final newline; made from the one schema that also checks the file. */
export function jsonSchemaText(): string {
  // `typeMode: input`: what a user writes, where every key with a default may be left out.
  const schema = toJsonSchema(SweepFileSchema, { typeMode: 'input', errorMode: 'ignore' });
  return `${JSON.stringify({ title: 'l2bn sweep', ...schema }, null, 2)}\n`;
}
