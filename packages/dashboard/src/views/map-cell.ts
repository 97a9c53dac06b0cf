import type { TrialState } from '@l2bn/core/sweep';
import { html, nothing, type TemplateResult } from 'lit';
import { cssom } from '../app/cssom.ts';
import { statusIcon } from '../app/status-icon.ts';
import { valueColour } from '../charts/palette.ts';
import type { ValueScale } from '../charts/value-scale.ts';
import { type CellSummary, progressOf } from '../store/cell-summary.ts';
import { lastValue, type Metric } from '../store/metrics.ts';

/** Bars of more seeds than that would be too thin to tell apart. */
const MOST_BARS = 12;

const percent = (share: number): string => `${Math.floor(share * 100)} %`;

/** The second line of a cell: its state in words, or, when all is done, the spread over the seeds. */
export function cellNote(summary: CellSummary, metric: Metric): string {
  const { status, trials, progress, deviation, count } = summary;
  if (status === 'running' || status === 'leased') return percent(progress);
  if (status === 'diverged') {
    const step = trials.find((trial) => trial.divergence !== null)?.divergence?.step;
    return trials.length === 1 && step !== undefined ? `step ${step}` : 'diverged';
  }
  if (status === 'done') {
    if (trials.length === 1) return status;
    const spread = deviation === null ? '' : `± ${metric.format(deviation)}`;
    return count < trials.length ? `n ${count} of ${trials.length}` : spread;
  }
  return status;
}

/** All that a cell shows, in words. */
export function cellDescription(name: string, summary: CellSummary, metric: Metric): string {
  const { trials, value, count, provisional, deviation } = summary;
  const states = new Map<string, number>();
  for (const { status } of trials) states.set(status, (states.get(status) ?? 0) + 1);
  const stateText = [...states].map(([status, n]) => (trials.length === 1 ? status : `${n} ${status}`)).join(', ');
  const mean = trials.length === 1 ? '' : `, mean of ${count}`;
  const number =
    value === null
      ? 'no value yet'
      : `${metric.label} ${metric.format(value)}${mean}${deviation === null ? '' : ` ± ${metric.format(deviation)}`}`;
  const running = trials.some(({ status }) => status === 'running') ? `, ${percent(summary.progress)} done` : '';
  return `${name}: ${number}${provisional ? ' so far' : ''}; ${stateText}${running}`;
}

/** Inside of one cell of the map. */
export function cellContent(summary: CellSummary, metric: Metric, scale: ValueScale): TemplateResult {
  const { value, status, provisional, trials, progress } = summary;
  const place = scale.at(value);
  const colour = place === null ? null : valueColour(place);
  const styles = cssom(colour === null ? {} : { '--fill': colour.fill, '--on-fill': colour.ink });
  const note = cellNote(summary, metric);
  const active = status === 'running' || status === 'leased';
  return html`<div class="cell ${status} ${colour === null ? 'blank' : 'filled'} ${provisional ? 'so-far' : ''}" ${styles}>
    <span class="number">${value === null ? (status === 'planned' ? '·' : '–') : metric.format(value)}</span>
    <span class="note ${active ? 'active' : ''}">${note === '' ? nothing : html`${status === 'done' && trials.length > 1 ? nothing : statusIcon(status)}${note}`}</span>
    ${trials.length > 1 && trials.length <= MOST_BARS ? seedStrip(trials, metric, scale) : nothing}
    ${active ? html`<span class="progress"><i ${cssom({ width: `${100 * progress}%` })}></i></span>` : nothing}
  </div>`;
}

function seedStrip(trials: readonly TrialState[], metric: Metric, scale: ValueScale): TemplateResult {
  return html`<span class="seeds">
    ${trials.map((trial) => {
      // What these ended with is no value of the cell; their pattern says what happened.
      const bad = trial.status === 'diverged' || trial.status === 'failed';
      const place = bad ? null : scale.at(lastValue(trial, metric));
      const fill = place === null ? 'transparent' : valueColour(place).fill;
      const width = trial.status === 'running' ? `${100 * progressOf(trial)}%` : '100%';
      return html`<span class="seed ${trial.status}" data-trial=${trial.id}
        ><i ${cssom({ background: fill, width })}></i
      ></span>`;
    })}
  </span>`;
}
