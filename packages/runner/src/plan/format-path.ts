/** A path inside a document: `['axes', 'l2', 2]`. */
export type DocumentPath = (string | number)[];

/** `axes.l2[2]`. */
export function formatPath(path: DocumentPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
