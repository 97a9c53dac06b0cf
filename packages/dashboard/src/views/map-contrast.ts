import { html, nothing, type TemplateResult } from 'lit';
import { cssom } from '../app/cssom.ts';
import type { Contrast } from '../store/contrast.ts';
import type { MapModel } from '../store/map-model.ts';
import type { Metric } from '../store/metrics.ts';
import { plural } from '../wording/format.ts';

/**
 * BN against no BN, column by column, as the map's last row.
 *
 * @param focused The column that the keyboard is on, if it is in this row.
 */
export function contrastRow(
  { contrasts, layout, metric, axis }: MapModel,
  focused: number | null,
): TemplateResult | typeof nothing {
  if (contrasts === null) return nothing;
  if (contrasts.every(({ value }) => value === null)) return nothing;
  const largest = Math.max(...contrasts.map(sizeOf), 1e-12);
  return html`<tr class="contrast">
    <th scope="row">${contrasts[0]?.kind === 'ratio' ? 'BN ÷ no BN' : 'BN − no BN'}</th>
    ${contrasts.map(
      (contrast, column) => html`<td
          role="gridcell"
          tabindex=${focused === column ? 0 : -1}
          data-at=${`${layout.rows.length},${column}`}
          title=${noteOf(contrast, metric)}
        >
          <span class="amount">${textOf(contrast, metric)}</span><span class="bar" aria-hidden="true"><i ${cssom(barOf(contrast, largest))}></i></span>
        </td>
        ${axis?.zero === true && column === 0 ? html`<td aria-hidden="true"></td>` : nothing}`,
    )}
  </tr>`;
}

/** Signed size of the effect: the difference, or the logarithm of the quotient. */
const effectOf = ({ value, kind }: Contrast): number =>
  value === null ? 0 : kind === 'ratio' ? Math.log(value) : value;

const sizeOf = (contrast: Contrast): number => Math.abs(effectOf(contrast));

function textOf({ value, kind }: Contrast, metric: Metric): string {
  if (value === null) return '–';
  if (kind === 'ratio') return `× ${metric.format(value)}`;
  return `${value < 0 ? '−' : '+'}${metric.format(Math.abs(value))}`;
}

/** The value again, for a column that is too narrow for it, and how many pairs it rests on. */
function noteOf(contrast: Contrast, metric: Metric): string {
  const { value, pairs, missing } = contrast;
  if (value === null) return 'no pair of trials with results';
  const rest = missing === 0 ? '' : `; ${plural(missing, 'pair')} without both results`;
  return `${textOf(contrast, metric)}, paired by seed, n = ${pairs}${rest}`;
}

/** A bar from the middle to the right for more, to the left for less. */
function barOf(contrast: Contrast, largest: number): Record<string, string> {
  const width = `${(50 * sizeOf(contrast)) / largest}%`;
  return effectOf(contrast) < 0 ? { right: '50%', width } : { left: '50%', width };
}
