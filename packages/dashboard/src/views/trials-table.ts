import {
  cellOf,
  formatDuration,
  runTimeOf,
  type SweepState,
  type TrialConfig,
  type TrialState,
} from '@l2bn/core/sweep';
import { pureDecayFactor } from '@l2bn/core/theory';
import { css, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { cssom } from '../app/cssom.ts';
import { ModelElement } from '../app/model-element.ts';
import { clockOf } from '../app/page-model.ts';
import { ScrollEdges } from '../app/scroll-edges.ts';
import { statusLabel } from '../app/status-icon.ts';
import { sharedStyles } from '../app/styles.ts';
import { lastValue, METRICS } from '../store/metrics.ts';
import { progressOf } from '../store/seeds-summary.ts';
import { METRIC_COLUMNS, type Sorting, type SortKey, sortTrials } from '../store/trial-rows.ts';
import { ending, endingWithReason } from '../wording/ending.ts';
import { axisName, axisValue, formatCount, formatFactor } from '../wording/format.ts';

/** Height of a row and of the window onto them, in CSS pixels: thousands of rows are laid out, a few dozen are there. */
const ROW_HEIGHT = 28;
const WINDOW_HEIGHT = 560;
/** Rows kept above and below what is in sight; the window moves by as many. */
const MARGIN = 12;

/** Rows that are there at a time. */
const WINDOW_ROWS = Math.ceil(WINDOW_HEIGHT / ROW_HEIGHT) + 3 * MARGIN;

interface Order {
  state: SweepState;
  seq: number;
  sorting: Sorting;
  trials: readonly TrialState[];
}

const SHORT: Record<(typeof METRIC_COLUMNS)[number], string> = {
  validationAccuracy: 'val. acc.',
  validationCrossEntropy: 'val. CE',
  trainCrossEntropy: 'train CE',
  penalty: 'penalty',
  norm: '‖w‖',
};

/** Every trial with its numbers, sortable. */
export class TrialsTable extends ModelElement {
  static override properties = { ...ModelElement.properties, sorting: { state: true }, first: { state: true } };
  static override styles = [
    sharedStyles,
    css`
      .scroll { overflow: auto; max-height: ${WINDOW_HEIGHT}px; border-top: 1px solid var(--line); scrollbar-width: thin; }
      table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 12.5px; }
      th, td { padding: 0 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid); }
      tbody tr { height: ${ROW_HEIGHT}px; }
      tbody tr.gap { height: var(--gap); }
      tbody tr.gap td { padding: 0; border: 0; }
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
    `,
  ];
  declare sorting: Sorting;
  /** Index of the first row that is there. */
  declare first: number;
  protected override readonly refreshInterval = 500;
  private order: Order | null = null;

  constructor() {
    super();
    this.sorting = { key: 'index', descending: false };
    this.first = 0;
    new ScrollEdges(this);
  }

  protected override onConnection(): void {}
  protected override onHover(): void {
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { state } = this.model.store;
    if (state === null) return html``;
    const now = clockOf(this.model);
    const sorted = this.sorted(state, now);
    const first = Math.min(this.first, Math.max(0, sorted.length - 1));
    const rows = sorted.slice(first, first + WINDOW_ROWS);
    const { axes, seeds } = state.plan;
    return html`
      <div class="head">
        <h2>Trials</h2>
        <span class="sub">${sorted.length === 1 ? 'one' : `all ${formatCount(sorted.length)}`}; numbers of the last epoch</span>
      </div>
      <div class="frame"><div class="scroll" @scroll=${this.onScroll}>
        <table aria-label="Trials" aria-rowcount=${sorted.length + 1}>
          <thead>
            <tr aria-rowindex="1">
              ${this.column('index', '#')} ${this.column('status', 'state', 'text')}
              ${axes.map(
                ({ key }) =>
                  html`${this.column(`axis:${key}`, axisName(key))}${key === 'l2' ? html`<th scope="col" class="muted" title="What a step makes of a weight by the penalty alone, – under optimizers of which it is not 1 − 2ηλ; λ is the Keras coefficient, PyTorch’s weight_decay is 2λ">1 − 2ηλ</th>` : nothing}`,
              )}
              ${seeds.length > 1 ? this.column('seed', 'seed') : nothing} ${this.column('attempt', 'attempt')}
              ${this.column('progress', 'step')} ${METRIC_COLUMNS.map((key) => this.column(key, SHORT[key]))}
              ${this.column('duration', 'time', '', 'How long it ran, in all attempts')}
            </tr>
          </thead>
          <tbody @click=${this.onClick} @mouseover=${this.onPointer} @mouseleave=${() => this.model.selection.hover([])}>
            ${gap(first)}
            ${repeat(
              rows,
              ({ id }) => id,
              (trial, i) => this.row(state, trial, first + i, now),
            )}
            ${gap(sorted.length - first - rows.length)}
          </tbody>
        </table>
      </div></div>
    `;
  }

  /** Pointing at rows renders many times between two events; the order does not change then. */
  private sorted(state: SweepState, now: number): readonly TrialState[] {
    const { order } = this;
    if (order?.state === state && order.seq === state.seq && order.sorting === this.sorting) return order.trials;
    const fresh = sortTrials(state, this.sorting, now);
    this.order = { state, seq: state.seq, sorting: this.sorting, trials: fresh };
    return fresh;
  }

  private column(key: SortKey, label: string, kind = '', title = ''): TemplateResult {
    const active = this.sorting.key === key;
    const order = active ? (this.sorting.descending ? 'descending' : 'ascending') : 'none';
    return html`<th scope="col" class=${kind} aria-sort=${order} title=${title === '' ? nothing : title}>
      <button type="button" @click=${() => this.sortBy(key)}>${label}</button>
    </th>`;
  }

  private row(state: SweepState, trial: TrialState, i: number, now: number): TemplateResult {
    const { values, config } = cellOf(state.plan, trial.cell)!;
    const { selection } = this.model;
    const { axes, seeds } = state.plan;
    const progress = progressOf(trial);
    return html`<tr
      data-trial=${trial.id}
      aria-rowindex=${i + 2}
      aria-selected=${selection.has(trial.id) ? 'true' : 'false'}
      class=${selection.isHovered(trial.id) ? 'hovered' : ''}
    >
      <td><button type="button" aria-label="Select trial ${trial.index}">${trial.index}</button></td>
      <td class="text" title=${trial.status === 'pruned' ? endingWithReason(trial) : nothing}>${statusLabel(trial.status, ending(trial))}</td>
      ${axes.map(
        ({ key }) => html`<td>${axisValue(key, values[key])}</td>
          ${key === 'l2' ? html`<td class="soft">${decay(config)}</td>` : nothing}`,
      )}
      ${seeds.length > 1 ? html`<td>${trial.seed}</td>` : nothing}
      <td class="soft">${trial.attempt === 0 ? '–' : trial.attempt}</td>
      <td>
        ${trial.totalSteps === 0 ? '–' : html`${trial.step} <span class="muted">/ ${trial.totalSteps}</span>`}
        ${progress > 0 && progress < 1 ? html`<span class="bar" aria-hidden="true"><i ${cssom({ width: `${100 * progress}%` })}></i></span>` : nothing}
      </td>
      ${METRIC_COLUMNS.map((key) => html`<td>${METRICS[key].format(lastValue(trial, METRICS[key]))}</td>`)}
      <td>${duration(runTimeOf(state, trial, now))}</td>
    </tr>`;
  }

  private sortBy(key: SortKey): void {
    const again = this.sorting.key === key;
    // Best first for accuracies, smallest first for all else; a second press turns it round.
    this.sorting = { key, descending: again ? !this.sorting.descending : key === 'validationAccuracy' };
  }

  private onScroll(event: Event): void {
    const row = Math.floor((event.currentTarget as Element).scrollTop / ROW_HEIGHT);
    this.first = Math.max(0, Math.floor(row / MARGIN) * MARGIN - MARGIN);
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

/** Stands for rows that are not there. */
const gap = (rows: number): TemplateResult | typeof nothing =>
  rows <= 0
    ? nothing
    : html`<tr class="gap" aria-hidden="true" ${cssom({ '--gap': `${rows * ROW_HEIGHT}px` })}><td colspan="99"></td></tr>`;

const decay = (config: TrialConfig): string => {
  const factor = pureDecayFactor(config);
  return factor === null ? '–' : formatFactor(factor);
};

const duration = (elapsed: number | null): string => (elapsed === null ? '–' : formatDuration(elapsed));

const trialAt = (event: Event): string | null =>
  (event.target as Element).closest<HTMLElement>('tr[data-trial]')?.dataset.trial ?? null;

customElements.define('l2bn-trials-table', TrialsTable);
