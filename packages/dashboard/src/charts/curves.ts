import type { SweepPlan, SweepState, TrialState } from '@l2bn/core/sweep';
import { html, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import uPlot from 'uplot';
import uPlotStyles from 'uplot/dist/uPlot.min.css?inline';
import { ModelElement } from '../app/model-element.ts';
import { sharedStyles } from '../app/styles.ts';
import { currentTheme, onThemeChange } from '../app/theme.ts';
import { formatCount } from '../store/format.ts';
import { METRICS, type MetricKey } from '../store/metrics.ts';
import { coincidingCurves, notable } from './coincidence.ts';
import { type CurveCursor, walk } from './curve-cursor.ts';
import { CurveLayers, type LayerScene } from './curve-layers.ts';
import { curveNotes } from './curve-notes.ts';
import { nearestCurve } from './curve-overlay.ts';
import { type CurveSet, curveSet } from './curve-set.ts';
import { curveSpeech, curveTip } from './curve-tip.ts';
import { curvesStyles } from './curves.styles.ts';
import { type LineStyle, lineStyles } from './line-style.ts';
import { plotOptions } from './plot-options.ts';
import { yRange } from './y-range.ts';

const ANNOUNCE_AFTER_MS = 350;
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
  private plot: uPlot | null = null;
  private layers: CurveLayers | null = null;
  private readonly sizes = new ResizeObserver(() => this.fit());
  private life = new AbortController();
  private set: CurveSet = { xs: [], ys: [], bucket: 1, drawn: 0, points: 0, zeros: 0 };
  private trials: readonly TrialState[] = [];
  private styles: LineStyle[] = [];
  private builtFor: { plan: SweepPlan; key: string } | null = null;
  private cursor: CurveCursor | null = null;
  private offScale = 0;
  private coinciding: number[][] = [];
  private range: [number, number] = [0, 1];
  private announceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.metric = 'trainCrossEntropy';
    this.log = false;
    this.halfLife = 0;
    this.hiddenCells = new Set();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.life = new AbortController();
    onThemeChange(() => this.requestUpdate(), this.life.signal);
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.life.abort();
    this.sizes.disconnect();
    clearTimeout(this.announceTimer);
    this.destroy();
  }

  protected override onConnection(): void {}

  protected override onSelection(): void {
    const total = this.model.store.state?.trials.length ?? 0;
    if (total > MOST_CURVES) this.requestUpdate();
    this.drawSelected();
    this.drawPointed();
  }

  protected override onHover(): void {
    this.drawPointed();
  }

  protected override render(): TemplateResult {
    const { label } = METRICS[this.metric];
    return html`
      <div
        class="plot"
        tabindex="0"
        role="application"
        aria-roledescription="line chart"
        aria-label=${label}
        aria-describedby="notes"
        @keydown=${this.onKey}
        @click=${this.onClick}
        @pointerleave=${() => this.moveCursor(null)}
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
    const state = this.model.store.state;
    if (state === null) return;
    this.trials = this.choose(state);
    const key = [this.metric, this.log, currentTheme(), devicePixelRatio, this.trials.map(({ index }) => index)].join();
    if (this.plot === null || this.builtFor?.plan !== state.plan || this.builtFor.key !== key) {
      this.builtFor = { plan: state.plan, key };
      this.build(state.plan);
    }
    this.refresh();
  }

  /** All trials that are not hidden, or, of more than can be drawn, an even choice of the selected and of all. */
  private choose({ trials }: SweepState): readonly TrialState[] {
    const shown = this.hiddenCells.size === 0 ? trials : trials.filter(({ cell }) => !this.hiddenCells.has(cell));
    if (shown.length <= MOST_CURVES) return shown;
    const selected = shown.filter(({ id }) => this.model.selection.has(id));
    const chosen = new Set([...evenChoice(selected, MOST_SELECTED), ...evenChoice(shown, MOST_CURVES)]);
    return shown.filter((trial) => chosen.has(trial));
  }

  private get host(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.plot')!;
  }

  private build(plan: SweepPlan): void {
    this.destroy();
    const token = tokens(this);
    const cells = new Map(plan.cells.map((cell) => [cell.id, cell]));
    const styleOf = lineStyles(plan, token('--ink'), currentTheme() === 'dark');
    this.styles = this.trials.map(({ cell }) => styleOf.of(cells.get(cell)!));
    const options = plotOptions({
      size: this.size(),
      styles: this.styles,
      byStep: METRICS[this.metric].curve !== null,
      log: this.log,
      range: () => this.range,
      ink: token('--ink-3'),
      grid: token('--grid'),
    });
    const draw = () => {
      this.drawSelected();
      this.drawPointed();
    };
    options.hooks = { draw: [draw], setCursor: [(plot) => this.onCursor(plot)] };
    this.plot = new uPlot(options, [[], ...this.styles.map(() => [])], this.host);
    this.layers = new CurveLayers(this.plot);
    this.sizes.observe(this.host);
  }

  private destroy(): void {
    this.plot?.destroy();
    this.plot = null;
    this.layers = null;
    this.cursor = null;
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(120, this.host.clientWidth), height: Math.max(120, this.host.clientHeight) };
  }

  private fit(): void {
    if (this.plot === null) return;
    const size = this.size();
    if (size.width === this.plot.width && size.height === this.plot.height) return;
    this.plot.setSize(size);
    this.refresh();
  }

  private refresh(): void {
    const { plot } = this;
    if (plot === null) return;
    const metric = METRICS[this.metric];
    const pixels = plot.over.clientWidth || this.size().width;
    this.set = curveSet(this.trials, metric, { pixels, halfLife: this.halfLife, log: this.log });
    const { low, high, offScale } = yRange(this.set.ys, { log: this.log, share: metric.key.endsWith('Accuracy') });
    this.range = [low, high];
    this.offScale = offScale;
    const height = plot.over.clientHeight || this.size().height;
    this.coinciding = coincidingCurves(this.set.xs, this.set.ys, { low, high, log: this.log, height });
    plot.setData([this.set.xs, ...this.set.ys] as uPlot.AlignedData);
    this.renderRoot.querySelector<HTMLElement>('.waiting')!.hidden = this.set.drawn > 0;
    const all = this.model.store.state?.trials ?? [];
    this.renderRoot.querySelector<HTMLElement>('.notes')!.textContent = curveNotes(this.set, {
      trials: this.trials,
      total: all.length,
      hidden: all.filter(({ cell }) => this.hiddenCells.has(cell)).length,
      offScale: this.offScale,
      halfLife: metric.curve === null ? 0 : this.halfLife,
      coinciding: notable(this.coinciding, (curve) => this.trials[curve]?.cell ?? ''),
    });
  }

  private drawSelected(): void {
    this.layers?.drawSelected(this.scene());
  }

  private drawPointed(): void {
    this.layers?.drawPointed(this.scene());
  }

  private scene(): LayerScene {
    const token = tokens(this);
    return {
      ys: this.set.ys,
      styles: this.styles,
      trials: this.trials,
      selection: this.model.selection,
      cursor: this.cursor,
      background: token('--panel'),
    };
  }

  private onCursor(plot: uPlot): void {
    const { idx, top } = plot.cursor;
    const outside = idx === null || idx === undefined || top === undefined || top < 0;
    this.moveCursor(outside ? null : nearestCurve(plot, this.set.ys, idx, top));
  }

  private moveCursor(cursor: CurveCursor | null): void {
    const before = this.cursor;
    if (cursor?.curve === before?.curve && cursor?.index === before?.index) return;
    this.cursor = cursor;
    const trial = cursor === null ? undefined : this.trials[cursor.curve];
    this.showTip(trial, cursor);
    if (cursor?.curve !== before?.curve) this.model.selection.hover(trial === undefined ? [] : [trial.id]);
    this.drawPointed();
  }

  private showTip(trial: TrialState | undefined, cursor: CurveCursor | null): void {
    const tip = this.renderRoot.querySelector<HTMLElement>('.tip')!;
    const { plot } = this;
    tip.hidden = trial === undefined;
    if (trial === undefined || cursor === null || plot === null || this.builtFor === null) return;
    const group = this.groupOf(cursor.curve);
    tip.replaceChildren(...curveTip(this.builtFor.plan, trial, this.valueText(cursor), group));
    const x = plot.valToPos(this.set.xs[cursor.index]!, 'x') + plot.over.offsetLeft;
    const y = plot.valToPos(this.set.ys[cursor.curve]![cursor.index]!, 'y') + plot.over.offsetTop;
    const left = x + 14 + tip.offsetWidth > this.host.clientWidth ? x - 14 - tip.offsetWidth : x + 14;
    const top = Math.min(Math.max(4, y - tip.offsetHeight - 10), this.host.clientHeight - tip.offsetHeight - 30);
    tip.style.transform = `translate(${Math.max(0, left)}px, ${top}px)`;
  }

  /** The trials whose curves lie on each other, with that of a row; none when it lies alone. */
  private groupOf(row: number): readonly TrialState[] {
    const group = this.coinciding.find((curves) => curves.includes(row)) ?? [];
    return group.map((curve) => this.trials[curve]!);
  }

  private valueText({ curve, index }: CurveCursor): string {
    const step = Math.round(this.set.xs[index]!);
    return `step ${formatCount(step)}: ${METRICS[this.metric].format(this.set.ys[curve]![index])}`;
  }

  private onClick(event: MouseEvent): void {
    const trial = this.cursor === null ? undefined : this.trials[this.cursor.curve];
    if (trial !== undefined) this.model.selection.choose([trial.id], event.shiftKey || event.ctrlKey || event.metaKey);
  }

  /** Arrows move the data cursor along a curve and from curve to curve, Enter selects. */
  private onKey(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = {
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
    };
    const step = steps[event.key];
    if (event.key === 'Enter' && this.cursor !== null) {
      const trial = this.trials[this.cursor.curve];
      if (trial !== undefined) this.model.selection.choose([trial.id], event.shiftKey);
    } else if (event.key === 'Escape') this.moveCursor(null);
    else if (step === undefined) return;
    else {
      const cursor = walk(this.set.ys, this.cursor, ...step);
      if (cursor !== null) this.moveCursor(cursor);
      this.announceCursor();
    }
    event.preventDefault();
  }

  private announceCursor(): void {
    clearTimeout(this.announceTimer);
    this.announceTimer = setTimeout(() => {
      const trial = this.cursor === null ? undefined : this.trials[this.cursor.curve];
      const live = this.renderRoot.querySelector<HTMLElement>('[aria-live]')!;
      if (trial === undefined || this.cursor === null || this.builtFor === null) return;
      live.textContent = curveSpeech(
        this.builtFor.plan,
        trial,
        this.valueText(this.cursor),
        this.groupOf(this.cursor.curve),
      );
    }, ANNOUNCE_AFTER_MS);
  }
}

/** At most `most` of a list, evenly spaced. */
function evenChoice<T>(list: readonly T[], most: number): readonly T[] {
  const stride = Math.ceil(list.length / most);
  return list.filter((_, i) => i % stride === 0);
}

/** Reads resolved design tokens. */
function tokens(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name).trim();
}

customElements.define('l2bn-curves', Curves);
