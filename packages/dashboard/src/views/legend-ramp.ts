import { html, nothing, type TemplateResult } from 'lit';
import { cssom } from '../app/cssom.ts';
import { axisName } from '../wording/format.ts';
import type { LegendGroup } from './curve-legend.ts';

/** Colours that make a gradient look smooth. */
const STOPS = 12;

/** The colours of a long axis from its first to its last value, with an exact 0 apart, and a button that lists them all. */
export function legendRamp({ key, entries }: LegendGroup, isOpen: boolean, toggle: () => void): TemplateResult {
  const zero = entries.find(({ value }) => value === 0);
  const rest = entries.filter((entry) => entry !== zero);
  const stops = Array.from(
    { length: STOPS },
    (_, i) => rest[Math.round((i * (rest.length - 1)) / (STOPS - 1))]!.style.colour,
  );
  const [first, last] = [rest[0]!.label, rest.at(-1)!.label];
  const apart = zero === undefined ? '' : `, ${zero.label} apart`;
  return html`<span class="ramp">
    <span role="img" aria-label=${`Colours of ${axisName(key)} from ${first} to ${last}${apart}`}>
      <b>${axisName(key)}</b>
      ${zero === undefined ? nothing : html`<span class="zero"><i class="one" ${cssom({ background: zero.style.colour })}></i>${zero.label}</span>`}
      ${first}<i ${cssom({ background: `linear-gradient(to right, ${stops.join(', ')})` })}></i>${last}
    </span>
    <button type="button" aria-expanded=${isOpen ? 'true' : 'false'} @click=${toggle}>${isOpen ? 'fold' : `all ${entries.length}`}</button>
  </span>`;
}
