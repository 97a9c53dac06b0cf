import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { circularPath } from './circular-path.ts';
import { displayName, importSweep } from './code-sweep.ts';
import { type DocumentPath, formatPath } from './format-path.ts';
import { syntaxProblems } from './syntax-problems.ts';

export type { DocumentPath } from './format-path.ts';

/** A parsed sweep file that still knows on which line each value stands. */
export interface SourceText {
  /** The file as the user would name it, relative to the working folder. */
  file: string;
  value: unknown;
  /** `file:line` of the value at `path`, or of the nearest enclosing one; just `file` where lines are not known. */
  locate(path: DocumentPath): string;
}

type Parsed = ReturnType<typeof parseDocument>;

/** How many values aliases may put in, as `yaml` counts them. */
const MAX_ALIASES = 100;
const MODULE_EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];
const DATA_EXTENSIONS = ['.yaml', '.yml', '.json'];

/** Reads a sweep file. Throws `InputError` when it is missing, of another kind, or does not parse. */
export async function readSource(path: string): Promise<SourceText> {
  const file = displayName(path);
  const extension = extname(path).toLowerCase();
  if (MODULE_EXTENSIONS.includes(extension)) {
    return withoutCircles({ file, value: await importSweep(path), locate: () => file });
  }
  if (!DATA_EXTENSIONS.includes(extension)) {
    const want = `a sweep file ending in ${[...DATA_EXTENSIONS, ...MODULE_EXTENSIONS].join(', ')}`;
    throw new InputError({ file, got: extension === '' ? 'no file ending' : `a ${extension} file`, want });
  }
  return withoutCircles(parseData(file, await readText(path, file)));
}

async function readText(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError({ file, got: reason(error), want: 'a readable sweep file' });
  }
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'a folder';
  return code ?? String(error);
}

/** YAML 1.2 holds JSON, so one parser gives lines for both. */
function parseData(file: string, text: string): SourceText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new InputError(...syntaxProblems({ file, text, document, lines }));
  }
  if (document.contents === null) {
    throw new InputError({ file, got: 'an empty file', want: 'a sweep, with a name and axes; l2bn init writes one' });
  }
  const locate = (path: DocumentPath): string => {
    for (let length = path.length; length >= 0; length--) {
      const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return `${file}:${lines.linePos(node.range[0]).line}`;
    }
    return file;
  };
  return { file, value: resolved(document, file), locate };
}

/** The values, the aliases put in: each may stand in many places, but not so often that it fills the memory. */
function resolved(document: Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const unknown = /^Unresolved alias.*: (.*)$/s.exec(error.message)?.[1];
    throw new InputError(
      unknown === undefined
        ? { file, got: 'aliases of aliases that make it too large', want: `at most ${MAX_ALIASES} values by aliases` }
        : { file, got: `the alias *${unknown}`, want: `an anchor &${unknown} above it` },
    );
  }
}

function withoutCircles(source: SourceText): SourceText {
  const path = circularPath(source.value);
  if (path === undefined) return source;
  const got = 'an alias of what it stands in, which would never end';
  throw new InputError({ file: source.locate(path), path: formatPath(path), got, want: 'a value' });
}
