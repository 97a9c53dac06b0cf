import { html, type TemplateResult } from 'lit';

/** Letters from which on a part is broken after all, as the path of a model is. */
const LONGEST = 24;

/** Parts of a row's label, one for each factor: `optimizer=sgd ·`, `BN`. */
const parts = (label: string): string[] => label.split(/(?<= ·) /);
/** A part at its equals sign: a line may end there where the part is too long for one, never inside a name or a number. */
const pieces = (part: string): string[] => part.split(/(?<==)/);

/** Letters of the longest part, and of the longest piece of one: how wide a column of labels should be, and must be. */
export function lettersOf(labels: readonly string[]): { part: number; piece: number } {
  const longest = (texts: readonly string[]) => Math.min(LONGEST, Math.max(1, ...texts.map(({ length }) => length)));
  const all = labels.flatMap(parts);
  return { part: longest(all), piece: longest(all.flatMap(pieces)) };
}

/** A row's label that breaks between its parts, or at an equals sign: `learningRate=` | `4.711e-2 ·` | `BN`. */
export const rowName = (label: string): TemplateResult =>
  html`${parts(label).map(
    (part) =>
      html`<span class="part">${pieces(part).map((piece) => html`<span class="part ${piece.length > LONGEST ? 'long' : 'whole'}">${piece}</span>`)}</span> `,
  )}`;
