import type { ServerFacts } from '@l2bn/core/sweep';

/** What goes on with the sweep, to stand in a sentence: the exact command where the server has said it. */
export const resumeCommand = (facts: ServerFacts | null): string =>
  facts?.resumeCommand === undefined ? 'the same “l2bn run”' : `“${facts.resumeCommand}”`;
