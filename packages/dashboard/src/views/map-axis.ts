import { html, nothing, svg, type TemplateResult } from 'lit';
import type { BrokenAxis } from '../charts/broken-axis.ts';

/** Ticks at the powers of ten, and a line from where each value stands on the scale to its column. */
export function axisRow(axis: BrokenAxis, columns: number): TemplateResult {
  const scaled = columns - (axis.zero ? 1 : 0);
  const centre = (i: number) => (1000 * (i + 0.5)) / scaled;
  const onScale = (position: number) => centre(0) + position * (centre(scaled - 1) - centre(0));
  return html`<tr class="axis" aria-hidden="true">
    <td></td>
    ${axis.zero ? html`<td></td><td></td>` : nothing}
    <td colspan=${scaled}>
      <svg viewBox="0 0 1000 20" preserveAspectRatio="none">
        ${svg`<line x1=${centre(0)} x2=${centre(scaled - 1)} y1="6" y2="6" />`}
        ${axis.decades.map((decade) => svg`<line class="tick" x1=${onScale(decade)} x2=${onScale(decade)} y1="1" y2="6" />`)}
        ${axis.positions.map((position, i) => svg`<line x1=${onScale(position)} x2=${centre(i)} y1="6" y2="20" />`)}
      </svg>
    </td>
  </tr>`;
}
