import type { SweepState, TrialState } from '@l2bn/core/sweep';
import { html, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import uPlotStyles from 'uplot/dist/uPlot.min.css?inline';
import { ModelElement } from '../app/model-element.ts';
import { sharedStyles } from '../app/styles.ts';
import { ThemeController } from '../app/theme-controller.ts';
import { METRICS, type MetricKey } from '../store/metrics.ts';
import { CurvePlot } from './curve-plot.ts';
import { CurvePointer } from './curve-pointer.ts';
import { curvesStyles } from './curves.styles.ts';

/** More lines than that neither can be told apart nor drawn ten times a second. */
const MOST_CURVES = 300;
/** Selected ones among them that are drawn for being selected. */
const MOST_SELECTED = 100;

/** One metric of all trials, a line each. */
export class Curves extends ModelElement {
  static override properties = {
    ...ModelElement.properties,
    metric: {},
    log: { type: Boolean },
    halfLife: { type: Number, attribute: 'half-life' },
    hiddenCells: { attribute: false },
  };
  static override styles = [sharedStyles, unsafeCSS(uPlotStyles), curvesStyles];
  declare metric: MetricKey;
  declare log: boolean;
  declare halfLife: number;
  /** Cells whose trials are not drawn. */
  declare hiddenCells: ReadonlySet<string>;

  protected override readonly refreshInterval = 100;
  private plot: CurvePlot | null = null;
  private pointer: CurvePointer | null = null;

  constructor() {
    super();
    this.metric = 'trainCrossEntropy';
    this.log = false;
    this.halfLife = 0;
    this.hiddenCells = new Set();
    new ThemeController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.pointer?.destroy();
    this.plot?.destroy();
    this.plot = null;
    this.pointer = null;
  }

  protected override onConnection(): void {}

  protected override onSelection(): void {
    const total = this.model.store.state?.trials.length ?? 0;
    if (total > MOST_CURVES) this.requestUpdate();
    this.plot?.drawSelected();
    this.plot?.drawPointed();
  }

  protected override onHover(): void {
    this.plot?.drawPointed();
  }

  protected override render(): TemplateResult {
    return html`
      <div
        class="plot"
        tabindex="0"
        role="application"
        aria-roledescription="line chart"
        aria-label=${METRICS[this.metric].label}
        aria-describedby="notes"
        @keydown=${(event: KeyboardEvent) => this.pointer?.onKey(event)}
        @click=${(event: MouseEvent) => this.pointer?.onClick(event)}
        @pointerleave=${() => this.pointer?.moveTo(null)}
      >
        <div class="tip" hidden></div>
        <div class="waiting" hidden>no data yet</div>
      </div>
      <div class="notes" id="notes"></div>
      <div class="sr-only" aria-live="polite"></div>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { store, selection } = this.model;
    const { state } = store;
    if (state === null) return;
    this.plot ??= this.makePlot();
    const chosen = this.choose(state);
    store.courses.want(chosen);
    // Those that are still to come would be a point each.
    const trials = chosen.filter((trial) => !store.courses.has(trial));
    this.plot.show({
      state,
      trials,
      awaited: chosen.length - trials.length,
      hidden: state.trials.filter(({ cell }) => this.hiddenCells.has(cell)).length,
      metric: METRICS[this.metric],
      log: this.log,
      halfLife: this.halfLife,
      selection,
    });
  }

  private makePlot(): CurvePlot {
    const part = (selector: string) => this.renderRoot.querySelector<HTMLElement>(selector)!;
    const host = part('.plot');
    const plot = new CurvePlot(host, {
      pointed: (cursor) => this.pointer?.moveTo(cursor),
      drawn: (notes, isEmpty) => {
        part('.notes').textContent = notes;
        part('.waiting').hidden = !isEmpty;
        part('.waiting').textContent = this.model.store.courses.isWaiting ? 'loading the curves …' : 'no data yet';
      },
    });
    const places = { host, tip: part('.tip'), live: part('[aria-live]') };
    this.pointer = new CurvePointer(plot, places, () => ({ model: this.model, metric: METRICS[this.metric] }));
    return plot;
  }

  /** All trials that are not hidden, or, of more than can be drawn, an even choice of the selected and of all. */
  private choose({ trials }: SweepState): readonly TrialState[] {
    const shown = this.hiddenCells.size === 0 ? trials : trials.filter(({ cell }) => !this.hiddenCells.has(cell));
    if (shown.length <= MOST_CURVES) return shown;
    const selected = shown.filter(({ id }) => this.model.selection.has(id));
    const chosen = new Set([...evenChoice(selected, MOST_SELECTED), ...evenChoice(shown, MOST_CURVES)]);
    return shown.filter((trial) => chosen.has(trial));
  }
}

/** At most `most` of a list, evenly spaced. */
function evenChoice<T>(list: readonly T[], most: number): readonly T[] {
  const stride = Math.ceil(list.length / most);
  return list.filter((_, i) => i % stride === 0);
}

customElements.define('l2bn-curves', Curves);
