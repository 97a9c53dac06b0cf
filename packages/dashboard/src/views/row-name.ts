import { html, type TemplateResult } from 'lit';

/** Letters from which on a part is broken after all, as the path of a model is. */
export const LONGEST_PIECE = 24;

/** Parts of a row's label between which a line may end: never inside a name, a word or a number. */
export const pieces = (label: string): string[] => label.split(/(?<==)|(?<= ·) /);

/** A row's label that breaks between its parts only: `learningRate=` | `4.711e-2 ·` | `BN`. */
export const rowName = (label: string): TemplateResult =>
  html`${pieces(label).map(
    (piece) =>
      html`<span class="piece ${piece.length > LONGEST_PIECE ? 'long' : ''}">${piece}</span>${piece.endsWith('=') ? '' : ' '}`,
  )}`;
