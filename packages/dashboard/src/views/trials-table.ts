import { formatDuration, type SweepState, type TrialState } from '@l2bn/core/sweep';
import { decayFactor } from '@l2bn/core/theory';
import { css, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { cssom } from '../app/cssom.ts';
import { ModelElement } from '../app/model-element.ts';
import { statusLabel } from '../app/status-icon.ts';
import { sharedStyles } from '../app/styles.ts';
import { progressOf } from '../store/cell-summary.ts';
import { elapsedOf } from '../store/eta.ts';
import { axisName, axisValue, formatFactor, plural } from '../store/format.ts';
import { lastValue, METRICS } from '../store/metrics.ts';
import { METRIC_COLUMNS, type Sorting, type SortKey, sortTrials } from '../store/trial-rows.ts';

/** Rows at first, and rows that one press on the button adds. */
const PAGE = 200;

const SHORT: Record<(typeof METRIC_COLUMNS)[number], string> = {
  validationAccuracy: 'val. acc.',
  validationCrossEntropy: 'val. CE',
  trainCrossEntropy: 'train CE',
  penalty: 'penalty',
  norm: '‖w‖',
};

/** Every trial with its numbers, sortable. */
export class TrialsTable extends ModelElement {
  static override properties = { ...ModelElement.properties, sorting: { state: true }, shown: { state: true } };
  static override styles = [
    sharedStyles,
    css`
      .scroll { overflow: auto; max-height: 560px; border-top: 1px solid var(--line); }
      table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 12.5px; }
      th, td { padding: 4px 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid); }
      th.text, td.text { text-align: left; }
      thead th { position: sticky; top: 0; z-index: 1; background: var(--panel); border-bottom: 1px solid var(--line-2); padding: 2px 4px; font-weight: 500; }
      thead button { font: inherit; color: var(--ink-3); background: none; border: 0; padding: 4px 6px; border-radius: 4px; cursor: pointer; white-space: nowrap; }
      thead button:hover { background: var(--sunken); color: var(--ink); }
      th[aria-sort="ascending"] button::after { content: " ↑"; }
      th[aria-sort="descending"] button::after { content: " ↓"; }
      th[aria-sort="ascending"] button, th[aria-sort="descending"] button { color: var(--ink); font-weight: 600; }
      tbody tr { cursor: pointer; }
      tbody tr:hover td, tr.hovered td { background: var(--sunken); }
      tr[aria-selected="true"] td { background: var(--accent-soft); }
      td button { font: inherit; color: var(--accent); background: none; border: 0; padding: 0 2px; cursor: pointer; }
      td.soft { color: var(--ink-3); }
      .bar { display: inline-block; vertical-align: middle; width: 46px; height: 5px; border-radius: 3px; background: var(--grid); overflow: hidden; margin-left: 6px; }
      .bar i { display: block; height: 100%; background: var(--accent); }
      .more { padding: 10px 14px; display: flex; gap: 12px; align-items: center; color: var(--ink-3); }
    `,
  ];
  declare sorting: Sorting;
  declare shown: number;
  protected override readonly refreshInterval = 500;

  constructor() {
    super();
    this.sorting = { key: 'index', descending: false };
    this.shown = PAGE;
  }

  protected override onConnection(): void {}

  protected override render(): TemplateResult {
    const { state } = this.model.store;
    if (state === null) return html``;
    const now = Date.now() + this.model.connection.clockOffset;
    const sorted = sortTrials(state, this.sorting, now);
    const rows = sorted.slice(0, this.shown);
    const { axes, seeds } = state.plan;
    const cells = new Map(state.plan.cells.map((cell) => [cell.id, cell]));
    return html`
      <div class="head">
        <h2>Trials</h2>
        <span class="sub">${rows.length === sorted.length ? `all ${sorted.length}` : `the first ${rows.length} of ${sorted.length}`}; numbers of the last epoch</span>
      </div>
      <div class="scroll">
        <table aria-label="Trials" aria-rowcount=${sorted.length + 1}>
          <thead>
            <tr>
              ${this.column('index', '#')} ${this.column('status', 'state', 'text')}
              ${axes.map(
                ({ key }) =>
                  html`${this.column(`axis:${key}`, axisName(key))}${key === 'l2' ? html`<th scope="col" class="muted">1 − 2ηλ</th>` : nothing}`,
              )}
              ${seeds.length > 1 ? this.column('seed', 'seed') : nothing} ${this.column('attempt', 'attempt')}
              ${this.column('progress', 'step')} ${METRIC_COLUMNS.map((key) => this.column(key, SHORT[key]))}
              ${this.column('duration', 'time')}
            </tr>
          </thead>
          <tbody @click=${this.onClick} @mouseover=${this.onPointer} @mouseleave=${() => this.model.selection.hover([])}>
            ${repeat(
              rows,
              ({ id }) => id,
              (trial, i) => this.row(state, trial, i, cells.get(trial.cell)!, now),
            )}
          </tbody>
        </table>
      </div>
      ${
        rows.length < sorted.length
          ? html`<div class="more">
              <button class="plain" type="button" @click=${() => (this.shown += PAGE)}>Show ${Math.min(PAGE, sorted.length - rows.length)} more</button>
              ${plural(sorted.length - rows.length, 'trial')} not shown
            </div>`
          : nothing
      }
    `;
  }

  private column(key: SortKey, label: string, kind = ''): TemplateResult {
    const active = this.sorting.key === key;
    const order = active ? (this.sorting.descending ? 'descending' : 'ascending') : 'none';
    return html`<th scope="col" class=${kind} aria-sort=${order}>
      <button type="button" @click=${() => this.sortBy(key)}>${label}</button>
    </th>`;
  }

  private row(
    state: SweepState,
    trial: TrialState,
    i: number,
    { values, config }: SweepState['plan']['cells'][number],
    now: number,
  ): TemplateResult {
    const { selection } = this.model;
    const { axes, seeds } = state.plan;
    const diverged = trial.status === 'diverged' ? ` at step ${trial.divergence?.step}` : '';
    const progress = progressOf(trial);
    return html`<tr
      data-trial=${trial.id}
      aria-rowindex=${i + 2}
      aria-selected=${selection.has(trial.id) ? 'true' : 'false'}
      class=${selection.hovered.includes(trial.id) ? 'hovered' : ''}
    >
      <td><button type="button" aria-label="Select trial ${trial.index}">${trial.index}</button></td>
      <td class="text">${statusLabel(trial.status, `${trial.status}${diverged}`)}</td>
      ${axes.map(
        ({ key }) => html`<td>${axisValue(key, values[key])}</td>
          ${key === 'l2' ? html`<td class="soft">${formatFactor(decayFactor(config.learningRate, config.l2))}</td>` : nothing}`,
      )}
      ${seeds.length > 1 ? html`<td>${trial.seed}</td>` : nothing}
      <td class="soft">${trial.attempt === 0 ? '–' : trial.attempt}</td>
      <td>
        ${trial.totalSteps === 0 ? '–' : html`${trial.step} <span class="muted">/ ${trial.totalSteps}</span>`}
        ${progress > 0 && progress < 1 ? html`<span class="bar" aria-hidden="true"><i ${cssom({ width: `${100 * progress}%` })}></i></span>` : nothing}
      </td>
      ${METRIC_COLUMNS.map((key) => html`<td>${METRICS[key].format(lastValue(trial, METRICS[key]))}</td>`)}
      <td>${duration(elapsedOf(trial, now))}</td>
    </tr>`;
  }

  private sortBy(key: SortKey): void {
    const again = this.sorting.key === key;
    // Best first for accuracies, smallest first for all else; a second press turns it round.
    this.sorting = { key, descending: again ? !this.sorting.descending : key === 'validationAccuracy' };
  }

  private onClick(event: MouseEvent): void {
    const id = trialAt(event);
    if (id !== null) this.model.selection.choose([id], event.shiftKey || event.ctrlKey || event.metaKey);
  }

  private onPointer(event: Event): void {
    const id = trialAt(event);
    this.model.selection.hover(id === null ? [] : [id]);
  }
}

const duration = (elapsed: number | null): string => (elapsed === null ? '–' : formatDuration(elapsed));

const trialAt = (event: Event): string | null =>
  (event.target as Element).closest<HTMLElement>('tr[data-trial]')?.dataset.trial ?? null;

customElements.define('l2bn-trials-table', TrialsTable);
