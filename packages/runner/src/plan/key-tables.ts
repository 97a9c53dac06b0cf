import { NOTES } from './key-notes.ts';

/** The parts of a JSON Schema that tables tell of. */
export interface SchemaNode {
  type?: string;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  items?: SchemaNode | SchemaNode[];
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  additionalProperties?: SchemaNode | boolean;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

/** Tables of docs/sweep-file.md by name, made from the JSON Schema: key, what it can be, default, meaning. */
export function keyTables(schema: SchemaNode): Record<string, string> {
  const at = (node: SchemaNode, key: string): SchemaNode => node.properties?.[key] ?? {};
  const config = at(schema, 'config');
  const samples = at(schema, 'samples');
  return {
    sweep: table(schema, ''),
    config: table(config, '', ['data']),
    data: table(at(config, 'data'), 'data.'),
    axes: table(kindsOf(at(schema, 'axes')), 'axes.'),
    samples: table(samples, 'samples.'),
    'samples.axes': table(kindsOf(at(samples, 'axes')), 'samples.axes.'),
    pruning: table(rulesOf(at(schema, 'pruning')), 'pruning.'),
  };
}

/** The keys of all kinds of a mapping as those of one, of which none is required. */
function kindsOf({ additionalProperties }: SchemaNode): SchemaNode {
  const kinds = typeof additionalProperties === 'object' ? (additionalProperties.anyOf ?? []) : [];
  const keys = kinds.flatMap(({ properties = {} }) => Object.entries(properties));
  const ends = ['seed', 'integer', 'zero', 'when'];
  return { properties: Object.fromEntries([...keys].sort(([a], [b]) => ends.indexOf(a) - ends.indexOf(b))) };
}

/** The keys of all rules; what tells them apart, `rule`, as one key that can be either. */
function rulesOf({ oneOf = [] }: SchemaNode): SchemaNode {
  const rule = { enum: oneOf.map(({ properties }) => properties?.rule?.const) };
  return {
    properties: { ...Object.assign({}, ...oneOf.map(({ properties }) => properties)), rule },
    required: ['rule'],
  };
}

function table({ properties = {}, required = [] }: SchemaNode, prefix: string, left: string[] = []): string {
  const rows = Object.entries(properties)
    .filter(([key]) => !left.includes(key))
    .map(([key, node]) => {
      const initial = required.includes(key) ? 'required' : node.default === undefined ? '' : code(node.default);
      return [`\`${prefix === 'data.' ? prefix : ''}${key}\``, typeText(node), initial, NOTES[prefix + key] ?? ''];
    });
  const lines = [['key', 'is', 'default', 'means'], ...rows].map((cells) =>
    cells.map((cell) => cell.replaceAll('|', '\\|')),
  );
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((cells) => [...cells[column]!].length)));
  const [head, ...body] = lines.map((cells) =>
    row(cells.map((cell, i) => cell + ' '.repeat(widths[i]! - [...cell].length))),
  );
  return [head, row(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;

const code = (value: unknown): string => {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty ? 'none' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
};

function typeText(node: SchemaNode): string {
  const kinds = node.anyOf ?? node.oneOf;
  if (kinds !== undefined) return [...new Set(kinds.map(typeText))].join(' or ');
  if (node.enum !== undefined) return node.enum.map(code).join(', ');
  if (node.const !== undefined) return code(node.const);
  switch (node.type) {
    case 'object':
      return 'mapping';
    case 'array':
      return Array.isArray(node.items) ? '[from, to]' : 'list';
    case 'string':
      return 'text';
    case 'boolean':
      return '`true`, `false`';
    default:
      return [node.type === 'integer' ? 'whole number' : 'number', ...limits(node)].join(' ');
  }
}

function limits({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaNode): string[] {
  const all = [
    minimum === undefined ? [] : `≥ ${minimum}`,
    exclusiveMinimum === undefined ? [] : `> ${exclusiveMinimum}`,
    maximum === undefined ? [] : `≤ ${maximum}`,
    exclusiveMaximum === undefined ? [] : `< ${exclusiveMaximum}`,
  ].flat();
  return all.length === 0 ? [] : [all.join(', ')];
}
