import type { AxisValue, SweepPlan } from '@l2bn/core/sweep';
import { css, html, svg, type TemplateResult } from 'lit';
import { ModelElement } from '../app/model-element.ts';
import { sharedStyles } from '../app/styles.ts';
import { currentTheme } from '../app/theme.ts';
import { ThemeController } from '../app/theme-controller.ts';
import '../charts/curves.ts';
import { lineStyles } from '../charts/line-style.ts';
import { METRIC_KEYS, METRICS, type MetricKey } from '../store/metrics.ts';
import { axisName } from '../wording/format.ts';
import { strengthNotes } from '../wording/strength-note.ts';
import { afterPress, afterSolo, cellsOff, entryOf, type LegendGroup, trialsWith } from './curve-legend.ts';
import { legendRamp } from './legend-ramp.ts';

interface Pane {
  metric: MetricKey;
  log: boolean;
}

/** A longer legend is a ramp of its colours, until it is asked for. */
const MOST_ENTRIES = 24;

/** Of smoothing, in steps: for sweeps of tens, of hundreds and of thousands of steps. */
const HALF_LIVES = [0, 5, 20, 100] as const;

/** Two charts side by side, each with its own metric, over one legend. */
export class CurvesPanel extends ModelElement {
  static override properties = {
    ...ModelElement.properties,
    panes: { state: true },
    halfLife: { state: true },
    off: { state: true },
    unfolded: { state: true },
  };
  static override styles = [
    sharedStyles,
    css`
      .panes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr)); gap: 8px 18px; padding: 0 14px 12px; }
      .bar { display: flex; align-items: center; gap: 8px; padding-left: 38px; }
      .bar select { border-color: transparent; background: none; font-weight: 600; margin-left: -2px; padding-left: 4px; }
      .bar select:hover { border-color: var(--line-2); }
      .bar .spacer { flex: 1; }
      .bar button { font-size: 12px; min-height: 24px; padding: 1px 8px; }
      .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; }
      .legend ul { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 4px; list-style: none; font-size: 12px; color: var(--ink-2); }
      .legend li.name { color: var(--ink-3); }
      .legend button {
        display: inline-flex; align-items: center; gap: 5px; font: inherit; color: inherit; background: none; border: 0;
        padding: 2px 5px; border-radius: 4px; cursor: pointer;
      }
      .legend button[aria-pressed="false"] { color: var(--ink-3); text-decoration: line-through; }
      .legend button[aria-pressed="false"] svg { opacity: 0.25; }
      .legend ul { max-height: 106px; overflow: auto; scrollbar-width: thin; }
      .legend button:hover { background: var(--sunken); color: var(--ink); }
      .unseen { color: var(--ink-3); font-size: 12px; align-self: center; }
      .legend svg { width: 20px; height: 8px; }
      .legend line { stroke-width: 2.5; }
      .ramp, .ramp span { display: inline-flex; align-items: center; gap: 7px; font-size: 12px; color: var(--ink-2); }
      .ramp b { font-weight: inherit; color: var(--ink-3); }
      .ramp i { width: 120px; height: 5px; border-radius: 2px; }
      .ramp .zero { margin-right: 8px; }
      .ramp i.one { width: 20px; height: 2.5px; }
      .ramp button { border: 1px solid var(--line-2); padding: 1px 8px; }
    `,
  ];
  declare panes: readonly Pane[];
  declare halfLife: number;
  /** Entries of the legend that are switched off. */
  declare off: ReadonlySet<string>;
  /** Whether a legend too long to be read at a glance is listed nevertheless. */
  declare unfolded: boolean;
  /** Cells that are not drawn. */
  private hiddenCells: ReadonlySet<string> = new Set();

  constructor() {
    super();
    this.panes = [
      { metric: 'trainCrossEntropy', log: false },
      { metric: 'validationAccuracy', log: false },
    ];
    this.halfLife = 0;
    this.off = new Set();
    this.unfolded = false;
    new ThemeController(this);
  }

  /** Only the charts follow the data; the frame changes with the plan alone. */
  protected override onData({ replaced }: { replaced: boolean }): void {
    if (replaced) this.requestUpdate();
  }
  protected override onSelection(): void {}
  protected override onConnection(): void {}

  protected override render(): TemplateResult {
    return html`
      <div class="head">
        <h2>Curves</h2>
        ${this.legend()}
        <span class="spacer"></span>
        <label class="field"
          >Smoothing
          <select @change=${this.onSmooth}>
            ${HALF_LIVES.map(
              (steps) =>
                html`<option value=${steps} ?selected=${steps === this.halfLife}>${steps === 0 ? 'off' : `half-life ${steps} steps`}</option>`,
            )}
          </select></label
        >
      </div>
      <div class="panes">${this.panes.map((pane, i) => this.pane(pane, i))}</div>
    `;
  }

  private pane({ metric, log }: Pane, i: number): TemplateResult {
    return html`<section aria-label=${METRICS[metric].label}>
      <div class="bar">
        <select aria-label="Metric" @change=${(event: Event) => this.change(i, { metric: (event.target as HTMLSelectElement).value as MetricKey })}>
          ${METRIC_KEYS.map(
            (key) => html`<option value=${key} ?selected=${key === metric}>${METRICS[key].label}</option>`,
          )}
        </select>
        <span class="spacer"></span>
        <button class="plain" type="button" aria-pressed=${log ? 'true' : 'false'} @click=${() => this.change(i, { log: !log })}>
          log y
        </button>
      </div>
      <l2bn-curves .model=${this.model} .metric=${metric} .log=${log} .halfLife=${this.halfLife} .hiddenCells=${this.hiddenCells}></l2bn-curves>
    </section>`;
  }

  private legend(): TemplateResult {
    const plan = this.model.store.state?.plan;
    if (plan === undefined) return html``;
    const ink = getComputedStyle(this).getPropertyValue('--ink').trim();
    const { colours, dashes, unseen } = lineStyles(plan, ink, currentTheme() === 'dark');
    const noteOf = strengthNotes(plan);
    const list = (group: LegendGroup | null, named: boolean) =>
      group === null
        ? ''
        : html`<ul aria-label=${axisName(group.key)}>
            ${named ? html`<li class="name">${axisName(group.key)}</li>` : ''}
            ${group.entries.map(
              ({ value, label, style }) => html`<li>
                <button
                  type="button"
                  @mouseenter=${() => this.model.selection.hover(trialsWith(plan, group.key, value))}
                  @mouseleave=${() => this.model.selection.hover([])}
                  @focus=${() => this.model.selection.hover(trialsWith(plan, group.key, value))}
                  @blur=${() => this.model.selection.hover([])}
                  aria-pressed=${this.off.has(entryOf(group.key, value)) ? 'false' : 'true'}
                  title=${`Click: hide or show. Shift- or Alt-click: show only these. Ctrl-click: select these trials.${group.key === 'l2' && typeof value === 'number' ? `\n${noteOf(value)}` : ''}`}
                  @click=${(event: MouseEvent) => this.onEntry(event, plan, group, value)}
                >
                  <svg viewBox="0 0 20 8" aria-hidden="true">
                    ${svg`<line x1="0" x2="20" y1="4" y2="4" stroke=${style.colour} stroke-dasharray=${style.dash.join(' ') || 'none'} />`}</svg
                  >${label}
                </button>
              </li>`,
            )}
          </ul>`;
    const isLong = colours !== null && colours.entries.length > MOST_ENTRIES;
    return html`<div class="legend">
      ${isLong ? legendRamp(colours, this.unfolded, () => (this.unfolded = !this.unfolded)) : list(colours, true)}${list(dashes, false)}
      ${isLong && this.unfolded ? list(colours, false) : ''}
      ${unseen.length === 0 ? '' : html`<span class="unseen">also varied: ${unseen.map(axisName).join(', ')} — point at a curve</span>`}
      ${this.off.size === 0 ? '' : html`<button class="plain" type="button" @click=${() => this.switchOff(plan, new Set())}>Show all</button>`}
    </div>`;
  }

  private onEntry(event: MouseEvent, plan: SweepPlan, group: LegendGroup, value: AxisValue): void {
    const { off } = this;
    if (event.ctrlKey || event.metaKey) this.model.selection.choose(trialsWith(plan, group.key, value), false);
    else this.switchOff(plan, (event.shiftKey || event.altKey ? afterSolo : afterPress)(off, group, value));
  }

  /** Hiding is for the charts alone: what is selected stays so, and the other panels show all. */
  private switchOff(plan: SweepPlan, off: ReadonlySet<string>): void {
    this.off = off;
    this.hiddenCells = cellsOff(plan, off);
  }

  private change(index: number, change: Partial<Pane>): void {
    this.panes = this.panes.map((pane, i) => {
      if (i !== index) return pane;
      const next = { ...pane, ...change };
      // A metric that spans decades starts on the axis that shows them.
      return change.metric === undefined ? next : { ...next, log: METRICS[change.metric].scale === 'log' };
    });
  }

  private onSmooth(event: Event): void {
    this.halfLife = Number((event.target as HTMLSelectElement).value);
  }
}

customElements.define('l2bn-curves-panel', CurvesPanel);
