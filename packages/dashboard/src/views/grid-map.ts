import { html, nothing, type TemplateResult } from 'lit';
import { cssom } from '../app/cssom.ts';
import { ModelElement } from '../app/model-element.ts';
import { ScrollEdges } from '../app/scroll-edges.ts';
import { sharedStyles } from '../app/styles.ts';
import type { Arrangement } from '../store/arrangement.ts';
import { MapModels, trialsAt } from '../store/map-model.ts';
import { METRIC_KEYS, METRICS, type MetricKey } from '../store/metrics.ts';
import { axisName } from '../wording/format.ts';
import { gridMapStyles } from './grid-map.styles.ts';
import { mapLegend } from './map-legend.ts';
import { isDense, mapMeasures, mapReadout, mapTable, placeOf } from './map-table.ts';

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

  private readonly models = new MapModels();

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
    const metric = METRICS[this.metric];
    const map = this.models.of(state, metric);
    const { x, rowAxes } = map.layout;
    const down = rowAxes.map(({ key }) => axisName(key)).join(', ') || 'nothing else';
    return html`
      <div class="head">
        <h2>Map</h2>
        <span class="sub">${x === null ? 'one cell' : `${axisName(x.key)} × ${down}`}, value of the last epoch</span>
        <span class="spacer"></span>
        <label class="field"
          >Show
          <select @change=${this.onMetric}>
            ${METRIC_KEYS.map((key) => html`<option value=${key} ?selected=${key === this.metric}>${METRICS[key].label}</option>`)}
          </select></label
        >
      </div>
      <div class="frame"><div class="scroll">
        <table
          role="grid"
          class=${isDense(map) ? 'dense' : ''}
          aria-label=${`${metric.label} by ${x === null ? 'cell' : axisName(x.key)}`}
          ${cssom(mapMeasures(map))}
          @keydown=${this.onKey}
          @click=${this.onClick}
          @mouseover=${this.onPointer}
          @focusin=${this.onFocus}
          @mouseleave=${this.onLeave}
        >
          ${mapTable(map, { selection: this.model.selection, row: this.row, column: this.column })}
        </table>
      </div></div>
      ${isDense(map) ? mapReadout(map, this.pointed) : nothing}
      ${mapLegend(state, map)}
    `;
  }

  /** As it stands on the page. */
  private get layout(): Arrangement | null {
    return this.models.latest?.layout ?? null;
  }

  private idsAt(row: number, column: number): string[] {
    const { state } = this.model.store;
    return state === null || this.layout === null ? [] : trialsAt(state, this.layout, row, column).map(({ id }) => id);
  }

  private onMetric(event: Event): void {
    this.metric = (event.target as HTMLSelectElement).value as MetricKey;
  }

  private onFocus(event: Event): void {
    this.pointed = placeOf(event);
  }

  private onLeave(): void {
    this.pointed = null;
    this.model.selection.hover([]);
  }

  private onPointer(event: Event): void {
    const at = placeOf(event);
    this.pointed = at;
    this.model.selection.hover(at === null ? [] : this.idsAt(...at));
  }

  private onClick(event: MouseEvent): void {
    const at = placeOf(event);
    if (at === null) return;
    [this.row, this.column] = at;
    const seed = (event.target as Element).closest<HTMLElement>('[data-trial]')?.dataset.trial;
    const trials = seed === undefined ? this.idsAt(...at) : [seed];
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
      const trials = this.idsAt(row, column);
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

customElements.define('l2bn-grid-map', GridMap);
