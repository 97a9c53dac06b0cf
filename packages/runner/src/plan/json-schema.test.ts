import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { jsonSchemaText } from './json-schema.ts';

it('is what schema/l2bn.v1.json holds (npm run schema -w packages/runner writes it)', () => {
  expect(readFileSync(new URL('../../schema/l2bn.v1.json', import.meta.url), 'utf8')).toBe(jsonSchemaText());
});
