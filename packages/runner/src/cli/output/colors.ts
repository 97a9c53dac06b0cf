import picocolors from 'picocolors';

/** Colours for one stream: `NO_COLOR` beats `--no-color` beats `FORCE_COLOR` beats what the stream is. */
export function colorsFor(stream: { isTTY?: boolean }) {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && FORCE_COLOR !== '';
  const refused = (NO_COLOR !== undefined && NO_COLOR !== '') || process.argv.includes('--no-color');
  return picocolors.createColors(!refused && (forced || (stream.isTTY === true && TERM !== 'dumb')));
}

export type Colors = ReturnType<typeof colorsFor>;
