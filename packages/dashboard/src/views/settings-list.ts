import { type AxisValue, type TrialConfig, usesMomentum } from '@l2bn/core/sweep';
import { html, type TemplateResult } from 'lit';
import { axisValue } from '../wording/format.ts';

/** Values that are listed in full: what two lines of the panel hold. Of more, so many tell how they go on. */
const MOST_LISTED = 12;
const FIRST_LISTED = 3;

/** All of a short list, the ends and the length of a long one. */
export const listed = (items: readonly string[]): string =>
  items.length <= MOST_LISTED
    ? items.join(', ')
    : `${items.slice(0, FIRST_LISTED).join(', ')} … ${items.at(-1)} (${items.length})`;

/** Settings one below the other. */
export const settings = (entries: readonly [string, AxisValue][]): TemplateResult =>
  html`<dl class="facts">${entries.map(([key, value]) => html`<div><dt>${key}</dt><dd>${axisValue(key, value)}</dd></div>`)}</dl>`;

/** Settings as they are typed, `data.imageSize` and the like, without a momentum that the optimizer has no use for. */
export function flatten(config: TrialConfig): [string, AxisValue][] {
  const { data, momentum, ...others } = config;
  const rest = usesMomentum(config.optimizer) ? { ...others, momentum } : others;
  const inner = Object.entries(data).map(([key, value]) => [`data.${key}`, value] as const);
  return [...Object.entries(rest), ...inner].filter((entry): entry is [string, AxisValue] => entry[1] !== undefined);
}
