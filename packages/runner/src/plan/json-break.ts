export interface JsonBreak {
  /** Where it is, in characters from the start. */
  offset: number;
  got: string;
  want: string;
}

const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const SCALAR = /(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
const SPACE = /\s*/y;
const WORD = /"[^"\n]*"?|[^\s,:{}[\]"]+|[\s\S]/y;

/** Where a text stops being JSON; undefined of one that is JSON to its end. The words are the same in every Node. */
export function jsonBreak(text: string): JsonBreak | undefined {
  try {
    new Scanner(text).document();
    return undefined;
  } catch (error) {
    if (error instanceof Broken) return error.where;
    throw error;
  }
}

class Broken extends Error {
  readonly where: JsonBreak;

  constructor(where: JsonBreak) {
    super(where.want);
    this.where = where;
  }
}

class Scanner {
  private readonly text: string;
  private at = 0;
  /** The end of what was read last, before the space behind it. */
  private end = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): void {
    this.value();
    if (this.at < this.text.length) throw this.broken('the end of the file');
  }

  private value(): void {
    this.skip();
    if (this.take('{')) this.members('}', () => this.member());
    else if (this.take('[')) this.members(']', () => this.value());
    else if (!this.matches(STRING) && !this.matches(SCALAR)) throw this.broken('a value');
    this.skip();
  }

  private members(close: string, member: () => void): void {
    if (this.take(close)) return;
    do member();
    while (this.take(','));
    if (this.take(close)) return;
    const line = this.text.slice(this.text.lastIndexOf('\n', this.end - 1) + 1, this.end).trim();
    // At the end of what came last: there the comma belongs, not at the beginning of the next line.
    throw new Broken({ offset: this.end, got: `${this.word()} after ${line}`, want: `"," or "${close}" between them` });
  }

  private member(): void {
    this.skip();
    if (!this.matches(STRING)) throw this.broken('a key in double quotes');
    if (!this.take(':')) throw this.broken('":" after the key');
    this.value();
  }

  private take(char: string): boolean {
    this.skip();
    if (this.text[this.at] !== char) return false;
    this.end = ++this.at;
    this.skip();
    return true;
  }

  private matches(pattern: RegExp): boolean {
    const found = this.matchOf(pattern);
    if (found === undefined) return false;
    this.end = this.at += found.length;
    return true;
  }

  private skip(): void {
    this.at += this.matchOf(SPACE)?.length ?? 0;
  }

  private word(): string {
    return this.matchOf(WORD) ?? 'the end of the file';
  }

  private broken(want: string): Broken {
    return new Broken({ offset: this.at, got: this.word(), want });
  }

  private matchOf(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }
}
