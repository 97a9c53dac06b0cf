import type { InputProblem } from '@l2bn/core/sweep';
import {
  type ErrorCode,
  isCollection,
  isScalar,
  type LineCounter,
  type parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml';
import { jsonBreak } from './json-break.ts';

/** Closes what a character opens. */
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}' };
/** What a user has done to get these errors of the parser, in a user's words. */
const WORDS: Readonly<Partial<Record<ErrorCode, string>>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a second ":", or a line further in than the one above',
  BLOCK_IN_FLOW: 'no "," between two keys',
  MULTILINE_IMPLICIT_KEY: 'no ":" after a key',
  TAB_AS_INDENT: 'a tab before the key, where YAML takes spaces only',
};

/** The ends of texts in quotes. */
const QUOTED: Readonly<Record<string, RegExp>> = { QUOTE_DOUBLE: /"$/, QUOTE_SINGLE: /'$/ };

export interface Unparsed {
  /** The file as the user would name it. */
  file: string;
  text: string;
  document: ReturnType<typeof parseDocument>;
  lines: LineCounter;
}

/**
 * What is wrong with a file that does not parse, each problem at its `file:line:column`. After the first error that is not a
 * second key, the parser only guesses: what it says of the rest is left out.
 */
export function syntaxProblems(source: Unparsed): InputProblem[] {
  const { file, text, document } = source;
  const json = file.toLowerCase().endsWith('.json') ? jsonBreak(text) : undefined;
  if (json !== undefined) return [{ file: placeAt(json.offset, source), got: json.got, want: json.want }];
  const first = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  return first === undefined ? document.errors.map((error) => twice(error, source)) : [syntaxProblem(first, source)];
}

function syntaxProblem({ code, message, pos }: YAMLParseError, source: Unparsed): InputProblem {
  if (code === 'MULTIPLE_DOCS') {
    return { file: placeAt(pos[0], source), got: 'a second document (---)', want: 'one sweep a file' };
  }
  const open = unclosed(source, pos[0]);
  if (open !== undefined) {
    const char = source.text[open]!;
    const got = `a ${quoted(char)} that is not closed: ${lineAt(open, source)}`;
    return { file: placeAt(open, source), got, want: quoted(CLOSING[char] ?? char) };
  }
  return {
    file: placeAt(pos[0], source),
    got: `${WORDS[code] ?? message}: ${lineAt(pos[0], source)}`,
    want: 'valid YAML',
  };
}

function twice({ pos }: YAMLParseError, source: Unparsed): InputProblem {
  let key = '';
  visit(source.document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.range?.[0] === pos[0]) key = ` ${String(pair.key.value)}`;
    },
  });
  return { file: placeAt(pos[0], source), got: `the key${key} twice`, want: 'each key once' };
}

const quoted = (char: string): string => (char === '"' ? `'"'` : `"${char}"`);

/** Where the last bracket or quote before an error opens that none closes: the parser notices it only where the next key stands. */
function unclosed({ document, text }: Unparsed, before: number): number | undefined {
  let found: number | undefined;
  visit(document, {
    Node(_, node) {
      const closed =
        isCollection(node) && node.flow === true ? /[\]}]$/ : isScalar(node) ? QUOTED[node.type ?? ''] : null;
      if (closed == null || node.range == null) return;
      const [start, end] = node.range;
      if (start <= before && !closed.test(text.slice(start + 1, end))) found = start;
    },
  });
  return found;
}

function placeAt(offset: number, { file, lines }: Unparsed): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

function lineAt(offset: number, { text, lines }: Unparsed): string {
  const line = text.split('\n')[lines.linePos(offset).line - 1]?.trim() ?? '';
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
