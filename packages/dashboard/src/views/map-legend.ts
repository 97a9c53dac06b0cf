import { type SweepState, TRIAL_STATUSES } from '@l2bn/core/sweep';
import { html, nothing, type TemplateResult } from 'lit';
import { cssom } from '../app/cssom.ts';
import { statusLabel } from '../app/status-icon.ts';
import { valueGradient } from '../charts/palette.ts';
import type { MapModel } from '../store/map-model.ts';
import { statusName } from '../wording/ending.ts';
import { formatCount } from '../wording/format.ts';

/** What the colours, signs and strips of the map stand for: those that are on it now. */
export function mapLegend(
  { counts, plan }: SweepState,
  { metric, scale, shown, best, hasBars }: MapModel,
): TemplateResult {
  const runs = counts.running + counts.leased > 0;
  const early = shown.some(({ provisional }) => provisional);
  return html`<div class="legend">
    <span class="ramp">${metric.format(scale.low)}<i ${cssom({ background: valueGradient() })}></i>${metric.format(scale.high)}</span>
    ${TRIAL_STATUSES.filter((status) => counts[status] > 0).map((status) => statusLabel(status, `${formatCount(counts[status])} ${statusName(status)}`))}
    ${best !== null ? html`<span>★ ${metric.better === 'higher' ? 'highest' : 'lowest'} of the finished cells</span>` : nothing}
    ${early ? html`<span><i class="so-far">0.5</i> so far: ${runs ? 'trials still run, the bar below is their progress' : 'trials have not come to their end'}</span>` : nothing}
    ${plan.seeds.length > 1 ? html`<span>${hasBars ? 'strip: one bar per seed; ' : ''}mean and spread over the seeds that are done</span>` : nothing}
  </div>`;
}
