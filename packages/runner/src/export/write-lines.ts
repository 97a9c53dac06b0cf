import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Size from which lines are written, in characters. */
const CHUNK = 65_536;

function* chunksOf(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** Writes lines as fast as the stream takes them, and leaves it open. */
export async function writeLines(lines: Iterable<string>, stream: Writable): Promise<void> {
  for (const chunk of chunksOf(lines)) {
    if (stream.write(chunk)) continue;
    await new Promise<void>((resolve) => stream.once('drain', resolve));
  }
}

/** Writes a file of lines; the old one stays until the new one is whole. */
export async function writeLinesTo(file: string, lines: Iterable<string>): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await pipeline(Readable.from(chunksOf(lines)), createWriteStream(temporary));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
