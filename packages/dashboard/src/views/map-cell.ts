import { formatPruning, type TrialState } from '@l2bn/core/sweep';
import { html, nothing, type TemplateResult } from 'lit';
import { cssom } from '../app/cssom.ts';
import { statusIcon } from '../app/status-icon.ts';
import { valueColour } from '../charts/palette.ts';
import type { ValueScale } from '../charts/value-scale.ts';
import type { MapModel } from '../store/map-model.ts';
import { lastValue, type Metric } from '../store/metrics.ts';
import { progressOf, type SeedsSummary } from '../store/seeds-summary.ts';
import { ending, statusName, stoppedEarly } from '../wording/ending.ts';

const percent = (share: number): string => `${Math.floor(share * 100)} %`;

/** `2 pruned, 1 diverged`: seeds that the mean leaves out; empty when it leaves out none. */
const excludedText = ({ excluded }: SeedsSummary): string =>
  excluded.map(([status, count]) => `${count} ${status}`).join(', ');

/** The second line of a cell, for a wide one and for a narrow one. */
interface CellNote {
  long: string;
  short: string;
}

const same = (text: string): CellNote => ({ long: text, short: text });

/** The state of a cell in words, or, when all is done, the spread over the seeds. */
function cellNote(summary: SeedsSummary, metric: Metric): CellNote {
  const { status, trials, progress, deviation, count, excluded } = summary;
  const [only] = trials;
  const left = excludedText(summary);
  if (status === 'running' || status === 'leased') {
    return { long: [percent(progress), left].filter(Boolean).join(' · '), short: percent(progress) };
  }
  if (trials.length === 1 && only !== undefined) {
    if (status === 'diverged' && only.divergence !== null) return same(`step ${only.divergence.step}`);
    const last = stoppedEarly(only);
    if (last !== null) return { long: `done, epoch ${last}`, short: `epoch ${last}` };
    return only.pruning !== null && status === 'pruned'
      ? { long: `pruned, epoch ${only.pruning.epoch}`, short: `epoch ${only.pruning.epoch}` }
      : { long: status, short: status.length > 7 || status === 'planned' ? '' : status };
  }
  if (status === 'planned' || status === 'interrupted') return { long: status, short: '' };
  const [first] = excluded;
  if (first?.[1] === trials.length) return { long: `all ${first[1]} ${first[0]}`, short: `all ${first[1]}` };
  if (excluded.length > 0) {
    return { long: `${count} of ${trials.length} seeds, ${left}`, short: `${count} of ${trials.length}` };
  }
  return same(deviation === null ? '' : `± ${metric.format(deviation)}`);
}

/** All that a cell shows, in words. */
export function cellDescription(name: string, summary: SeedsSummary, metric: Metric): string {
  const { trials, value, count, provisional, deviation, excluded } = summary;
  const states = new Map<string, number>();
  for (const trial of trials) {
    const name = stoppedEarly(trial) === null ? statusName(trial.status) : 'done, stopped early';
    states.set(name, (states.get(name) ?? 0) + 1);
  }
  const [only] = trials;
  const stateText =
    trials.length === 1 && only !== undefined
      ? stoppedEarly(only) === null
        ? statusName(only.status)
        : ending(only)
      : [...states].map(([status, n]) => `${n} ${status}`).join(', ');
  const of = excluded.length === 0 ? '' : ` of ${trials.length} seeds`;
  const mean = trials.length === 1 ? '' : `, mean of ${count}${of}`;
  const number =
    value === null
      ? 'no value yet'
      : `${metric.label} ${metric.format(value)}${mean}${deviation === null ? '' : ` ± ${metric.format(deviation)}`}`;
  const running = trials.some(({ status }) => status === 'running') ? `, ${percent(summary.progress)} done` : '';
  if (trials.length === 1 && only?.status === 'pruned' && only.pruning !== null) {
    return `${name}: no result, ${ending(only)}: ${formatPruning(only.pruning)}`;
  }
  return `${name}: ${number}${provisional ? ' so far' : ''}; ${stateText}${running}`;
}

/** Which width of a cell the longer note needs: see the style sheet. */
const widthOf = ({ length }: string): string => (length < 10 ? 'word' : length < 13 ? 'phrase' : '');

/** Inside of one cell of the map. */
export function cellContent(
  summary: SeedsSummary,
  { metric, scale, hasBars }: MapModel,
  description: string,
): TemplateResult {
  const { value, status, provisional, trials, progress, excluded } = summary;
  const place = scale.at(value);
  const colour = place === null ? null : valueColour(place);
  const styles = cssom(colour === null ? {} : { '--fill': colour.fill, '--on-fill': colour.ink });
  const note = cellNote(summary, metric);
  const active = status === 'running' || status === 'leased';
  // Of several seeds, a cell that is done is told by its spread, and one that lost some by what it lost them to.
  const sign =
    trials.length === 1 || status === 'failed' ? status : (excluded[0]?.[0] ?? (status === 'done' ? null : status));
  return html`<div class="cell ${status} ${colour === null ? 'blank' : 'filled'} ${provisional ? 'so-far' : ''}" title=${description} ${styles}>
    <span class="number">${value === null ? (status === 'planned' ? '·' : '–') : metric.format(value)}</span>
    <span class="note ${active ? 'active' : ''}"
      >${
        note.long === ''
          ? nothing
          : html`${sign === null ? nothing : statusIcon(active ? status : sign)}<span class="long ${widthOf(note.long)}">${note.long}</span
              ><span class="short">${note.short}</span>`
      }</span
    >
    ${hasBars && trials.length > 1 ? seedStrip(trials, metric, scale) : nothing}
    ${active ? html`<span class="progress"><i ${cssom({ width: `${100 * progress}%` })}></i></span>` : nothing}
  </div>`;
}

function seedStrip(trials: readonly TrialState[], metric: Metric, scale: ValueScale): TemplateResult {
  return html`<span class="seeds">
    ${trials.map((trial) => {
      // What these ended with is no value of the cell; their pattern says what happened.
      const bad = trial.status === 'diverged' || trial.status === 'failed' || trial.status === 'pruned';
      const place = bad ? null : scale.at(lastValue(trial, metric));
      const fill = place === null ? 'transparent' : valueColour(place).fill;
      const width = trial.status === 'running' ? `${100 * progressOf(trial)}%` : '100%';
      return html`<span class="seed ${trial.status}" data-trial=${trial.id}
        ><i ${cssom({ background: fill, width })}></i
      ></span>`;
    })}
  </span>`;
}
