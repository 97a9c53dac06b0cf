import { cellLabel, type SweepState, type TrialState } from '@l2bn/core/sweep';
import { html, nothing, type TemplateResult } from 'lit';
import { cssom } from '../app/cssom.ts';
import { ModelElement } from '../app/model-element.ts';
import { ScrollEdges } from '../app/scroll-edges.ts';
import { sharedStyles } from '../app/styles.ts';
import { type BrokenAxis, brokenAxis } from '../charts/broken-axis.ts';
import { type ValueScale, valueScale } from '../charts/value-scale.ts';
import { type Arrangement, arrange } from '../store/arrangement.ts';
import { type CellSummary, summarize } from '../store/cell-summary.ts';
import { axisName, axisValue } from '../store/format.ts';
import { METRIC_KEYS, METRICS, type Metric, type MetricKey } from '../store/metrics.ts';
import { decayNote, strengthNote } from '../store/strength-note.ts';
import { gridMapStyles } from './grid-map.styles.ts';
import { axisRow } from './map-axis.ts';
import { cellContent, cellDescription } from './map-cell.ts';
import { contrastRow } from './map-contrast.ts';
import { mapLegend } from './map-legend.ts';
import { lettersOf, rowName } from './row-name.ts';

/** From more columns than that on, cells show their colour only. */
const DENSE = 20;

/** The plan as a map: one axis across (an exact 0 apart from its logarithmic rest), the other factors down. */
export class GridMap extends ModelElement {
  static override properties = {
    ...ModelElement.properties,
    metric: {},
    row: { state: true },
    column: { state: true },
    pointed: { state: true },
  };
  static override styles = [sharedStyles, gridMapStyles];
  declare metric: MetricKey;
  /** The cell that Tab leads to. */
  declare row: number;
  declare column: number;

  /** The cell under the pointer or with the focus, where cells are too narrow for their numbers. */
  declare pointed: [number, number] | null;

  private layout: Arrangement | null = null;
  private layoutOf: SweepState['plan'] | null = null;

  constructor() {
    super();
    this.metric = 'validationAccuracy';
    this.row = 0;
    this.column = 0;
    this.pointed = null;
    new ScrollEdges(this);
  }

  protected override onConnection(): void {}
  protected override onHover(): void {
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const state = this.model.store.state;
    if (state === null) return html`<p class="empty">The map appears as soon as the sweep is known.</p>`;
    if (this.layoutOf !== state.plan) {
      this.layoutOf = state.plan;
      this.layout = arrange(state.plan);
    }
    const layout = this.layout!;
    const metric = METRICS[this.metric];
    const summaries = layout.rows.map((_, row) =>
      layout.columns.map((_, column) => {
        const trials = this.trialsAt(row, column);
        return trials.length === 0 ? null : summarize(trials, metric);
      }),
    );
    const shown = summaries.flat().flatMap((summary) => summary ?? []);
    const perSeed = state.plan.seeds.length > 1 && state.plan.trials.length <= 2_000;
    const values = shown.flatMap(({ value, trials }) => [
      value,
      ...(perSeed
        ? trials.filter(({ status }) => status === 'done').map((trial) => metric.of(trial.epochs.at(-1)!))
        : []),
    ]);
    const scale = valueScale(values, metric);
    const best = bestValue(shown, metric);
    const axis = brokenAxis(layout.x);
    return html`
      <div class="head">
        <h2>Map</h2>
        <span class="sub">${layout.x === null ? 'one cell' : `${axisName(layout.x.key)} × ${layout.rowAxes.map((a) => axisName(a.key)).join(', ') || 'nothing else'}`}, value of the last epoch</span>
        <span class="spacer"></span>
        <label class="field"
          >Show
          <select @change=${this.onMetric}>
            ${METRIC_KEYS.map((key) => html`<option value=${key} ?selected=${key === this.metric}>${METRICS[key].label}</option>`)}
          </select></label
        >
      </div>
      <div class="frame"><div class="scroll">${this.table(layout, axis, summaries, metric, scale, best)}</div></div>
      ${layout.columns.length > DENSE ? this.readout(layout, summaries, metric) : nothing}
      ${mapLegend(state, metric, scale, shown, best !== null)}
    `;
  }

  private table(
    layout: Arrangement,
    axis: BrokenAxis | null,
    summaries: (CellSummary | null)[][],
    metric: Metric,
    scale: ValueScale,
    best: number | null,
  ): TemplateResult {
    const { x, columns, rows } = layout;
    const zero = axis?.zero === true;
    const dense = columns.length > DENSE;
    const letters = lettersOf(rows.map(({ label }) => label));
    return html`<table
      role="grid"
      class=${dense ? 'dense' : ''}
      aria-label=${`${metric.label} by ${x === null ? 'cell' : axisName(x.key)}`}
      ${cssom({
        '--columns': `${columns.length}`,
        '--part-letters': `${letters.part}`,
        '--piece-letters': `${letters.piece}`,
        '--column-letters': `${Math.max(1, ...columns.map((value) => (x === null ? '' : axisValue(x.key, value)).length))}`,
      })}
      @keydown=${this.onKey}
      @click=${this.onClick}
      @mouseover=${this.onPointer}
      @focusin=${this.onFocus}
      @mouseleave=${this.onLeave}
    >
      <colgroup>
        <col class="names" />
        ${columns.map((_, i) => html`<col />${zero && i === 0 ? html`<col class="break" />` : nothing}`)}
      </colgroup>
      <thead>
        ${axis === null ? nothing : axisRow(axis, columns.length)}
        <tr>
          <th scope="col" class="axis-name">${x === null ? '' : axisName(x.key)}</th>
          ${columns.map(
            (value, i) =>
              html`<th scope="col" title=${this.columnNote(layout, i)}><span>${x === null ? '' : axisValue(x.key, value)}</span></th>
                ${zero && i === 0 ? html`<td class="break" aria-hidden="true">‖</td>` : nothing}`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ label }, row) =>
            html`<tr>
              <th scope="row" aria-label=${label}>${rowName(label)}</th>
              ${columns.map(
                (_, column) =>
                  html`${this.cell(layout, row, column, summaries[row]![column]!, metric, scale, best)}
                  ${zero && column === 0 ? html`<td aria-hidden="true"></td>` : nothing}`,
              )}
            </tr>`,
        )}
        ${contrastRow({
          layout,
          metric,
          zero,
          focused: this.row === layout.rows.length ? this.column : null,
          trialsAt: (row, column) => this.trialsAt(row, column),
        })}
      </tbody>
    </table>`;
  }

  private cell(
    layout: Arrangement,
    row: number,
    column: number,
    summary: CellSummary | null,
    metric: Metric,
    scale: ValueScale,
    best: number | null,
  ): TemplateResult {
    const cell = layout.cellAt(row, column);
    const focused = row === this.row && column === this.column;
    if (cell === undefined || summary === null) {
      return html`<td role="gridcell" class="none" tabindex=${focused ? 0 : -1} data-at=${`${row},${column}`} aria-label="not in the plan"></td>`;
    }
    const { selection } = this.model;
    const selected = summary.trials.some(({ id }) => selection.has(id));
    const hovered = summary.trials.some(({ id }) => selection.isHovered(id));
    const isBest = best !== null && summary.value === best && !summary.provisional;
    const description = `${cellDescription(cellLabel(this.layoutOf!, cell), summary, metric)}${isBest ? '; best' : ''}`;
    const decay = decayNote(cell.config);
    return html`<td
      role="gridcell"
      class="${hovered ? 'hovered' : ''} ${isBest ? 'best' : ''}"
      tabindex=${focused ? 0 : -1}
      data-at=${`${row},${column}`}
      aria-selected=${selected ? 'true' : 'false'}
      aria-label=${description}
    >
      ${cellContent(summary, metric, scale, decay === '' ? description : `${description}\nthe penalty alone: ${decay}`)}
    </td>`;
  }

  /** What the cell under the pointer or with the focus holds. */
  private readout(layout: Arrangement, summaries: (CellSummary | null)[][], metric: Metric): TemplateResult {
    const [row, column] = this.pointed ?? [-1, -1];
    const cell = layout.cellAt(row, column);
    const summary = summaries[row]?.[column];
    const text =
      cell === undefined || summary == null
        ? 'Point at a cell to read it.'
        : cellDescription(cellLabel(this.layoutOf!, cell), summary, metric);
    return html`<p class="readout" aria-hidden="true">${text}</p>`;
  }

  /** What a value of the axis across means, where that is not plain. */
  private columnNote({ x, columns, rows, cellAt }: Arrangement, column: number): string {
    const value = columns[column];
    if (x?.key !== 'l2' || typeof value !== 'number') return '';
    const configs = rows.flatMap((_, row) => cellAt(row, column)?.config ?? []);
    return strengthNote(value, configs);
  }

  private trialsAt(row: number, column: number): TrialState[] {
    const cell = this.layout?.cellAt(row, column);
    const state = this.model.store.state;
    if (cell === undefined || state === null) return [];
    return this.layout!.trialsOf(cell.id).flatMap((index) => state.trials[index] ?? []);
  }

  private onMetric(event: Event): void {
    this.metric = (event.target as HTMLSelectElement).value as MetricKey;
  }

  private onFocus(event: Event): void {
    this.pointed = place(event);
  }

  private onLeave(): void {
    this.pointed = null;
    this.model.selection.hover([]);
  }

  private onPointer(event: Event): void {
    const at = place(event);
    this.pointed = at;
    this.model.selection.hover(at === null ? [] : this.trialsAt(...at).map(({ id }) => id));
  }

  private onClick(event: MouseEvent): void {
    const at = place(event);
    if (at === null) return;
    [this.row, this.column] = at;
    const seed = (event.target as Element).closest<HTMLElement>('[data-trial]')?.dataset.trial;
    const trials = seed === undefined ? this.trialsAt(...at).map(({ id }) => id) : [seed];
    if (trials.length > 0) this.model.selection.choose(trials, event.shiftKey || event.ctrlKey || event.metaKey);
  }

  private onKey(event: KeyboardEvent): void {
    const rows = this.renderRoot.querySelectorAll('tbody tr').length;
    const columns = this.layout?.columns.length ?? 0;
    let [row, column] = [this.row, this.column];
    if (event.key === 'ArrowRight') column++;
    else if (event.key === 'ArrowLeft') column--;
    else if (event.key === 'ArrowDown') row++;
    else if (event.key === 'ArrowUp') row--;
    else if (event.key === 'Home') column = 0;
    else if (event.key === 'End') column = columns - 1;
    else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const trials = this.trialsAt(row, column).map(({ id }) => id);
      if (trials.length > 0) this.model.selection.choose(trials, event.shiftKey);
      return;
    } else return;
    event.preventDefault();
    this.row = Math.min(rows - 1, Math.max(0, row));
    this.column = Math.min(columns - 1, Math.max(0, column));
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`[data-at="${this.row},${this.column}"]`)?.focus(),
    );
  }
}

function bestValue(summaries: readonly CellSummary[], metric: Metric): number | null {
  if (metric.better === null) return null;
  const values = summaries.flatMap(({ provisional, value }) => (provisional || value === null ? [] : [value]));
  if (values.length < 2) return null;
  return metric.better === 'higher' ? Math.max(...values) : Math.min(...values);
}

function place(event: Event): [number, number] | null {
  const at = (event.target as Element).closest<HTMLElement>('[data-at]')?.dataset.at;
  if (at === undefined) return null;
  const [row, column] = at.split(',').map(Number);
  return [row!, column!];
}

customElements.define('l2bn-grid-map', GridMap);
