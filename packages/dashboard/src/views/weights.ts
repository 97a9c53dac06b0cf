import { type Cell, type SweepState, type TrialState, trialLabel } from '@l2bn/core/sweep';
import { pureDecayFactor } from '@l2bn/core/theory';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { ModelElement } from '../app/model-element.ts';
import { ScrollEdges } from '../app/scroll-edges.ts';
import { statusLabel } from '../app/status-icon.ts';
import { sharedStyles } from '../app/styles.ts';
import { currentTheme } from '../app/theme.ts';
import { ThemeController } from '../app/theme-controller.ts';
import { type LineStyle, lineStyles } from '../charts/line-style.ts';
import { miniChart } from '../charts/mini-chart.ts';
import { representatives } from '../store/representatives.ts';
import { type DecayStory, decayStory } from '../wording/decay-story.ts';
import { ending } from '../wording/ending.ts';
import { formatFactor, formatValue, formatWeight, plural } from '../wording/format.ts';
import { weightsStyles } from './weights.styles.ts';

/** More cards than that cannot be compared by eye. */
const MOST_CARDS = 6;

/** The article's print-out, per trial: the first values of one kernel after every epoch, against the pure decay. */
export class Weights extends ModelElement {
  static override styles = [sharedStyles, weightsStyles];
  protected override readonly refreshInterval = 500;

  constructor() {
    super();
    new ScrollEdges(this);
    new ThemeController(this);
  }

  protected override onConnection(): void {}

  protected override render(): TemplateResult {
    const { store, selection } = this.model;
    const { state } = store;
    if (state === null) return html``;
    const selected = selection.trials.flatMap((id) => store.trial(id) ?? []);
    const trials =
      selected.length > 0
        ? selected.slice(0, MOST_CARDS)
        : representatives(state).flatMap((i) => state.trials[i] ?? []);
    store.courses.want(trials);
    const layer = trials.flatMap(({ epochs }) => epochs[0]?.weights.layer ?? [])[0];
    const ink = getComputedStyle(this).getPropertyValue('--ink').trim();
    const styles = lineStyles(state.plan, ink, currentTheme() === 'dark');
    const cells = new Map(state.plan.cells.map((cell) => [cell.id, cell]));
    return html`
      <div class="head">
        <h2>Weights</h2>
        <span class="sub">first ten kernel values ${layer === undefined ? '' : html`of <b>${layer}</b> `}after every epoch; epoch 0 is the initialisation</span>
        <span class="spacer"></span>
        <span class="sub">${this.scope(state, selected.length, trials.length)}</span>
      </div>
      ${repeat(
        trials,
        ({ id }) => id,
        (trial) => this.card(state, trial, cells.get(trial.cell)!, styles.of(cells.get(trial.cell)!)),
      )}
    `;
  }

  private scope(state: SweepState, selected: number, shown: number): string {
    if (selected > shown) return `the first ${shown} of ${plural(selected, 'selected trial')}`;
    if (selected > 0) return plural(selected, 'selected trial');
    if (shown === state.trials.length) return 'all trials';
    return `${shown} of ${plural(state.trials.length, 'trial')}, one per arm; select in the map to see others`;
  }

  private card(state: SweepState, trial: TrialState, { config }: Cell, style: LineStyle): TemplateResult {
    const story = decayStory(trial.epochs, config);
    const name = trialLabel(state.plan, trial);
    const factor = pureDecayFactor(config);
    return html`<article aria-label=${`Weights of ${name}`}>
      <div class="title">
        <svg class="swatch" viewBox="0 0 22 8" aria-hidden="true">
          ${svg`<line x1="0" x2="22" y1="4" y2="4" stroke=${style.colour} stroke-width="2.5" stroke-dasharray=${style.dash.join(' ') || 'none'} />`}
        </svg>
        <h3>${name}</h3>
        ${statusLabel(trial.status, ending(trial))}
        <span class="factor">${
          factor === null ? config.optimizer : html`1 − 2ηλ = ${formatFactor(factor)} per step`
        }</span>
      </div>
      ${
        this.model.store.courses.has(trial)
          ? html`<p class="muted">Loading its weights …</p>`
          : trial.epochs.length === 0
            ? html`<p class="muted">No weights yet: the trial has not started.</p>`
            : html`<p class="story">${story.onlyDecay === 'kernel' ? html`<b>${story.text}</b>` : story.text}</p>
              <div class="body">${this.charts(trial, story, style, name)}${this.numbers(trial, story)}</div>`
      }
    </article>`;
  }

  private charts({ epochs }: TrialState, story: DecayStory, style: LineStyle, name: string): TemplateResult {
    const xs = epochs.map(({ step }) => step);
    const count = Math.max(...epochs.map(({ weights }) => weights.values.length));
    const values = Array.from({ length: count }, (_, i) => ({
      values: epochs.map(({ weights }) => weights.values[i]),
      kind: 'value' as const,
      colour: style.colour,
    }));
    const norm = { values: epochs.map(({ weights }) => weights.norm), kind: 'measured' as const, colour: style.colour };
    const ghost = story.pureDecay.some((value) => value !== null);
    return html`<div class="charts">
      <figure>
        <figcaption>the ten values</figcaption>
        ${miniChart({ label: `Ten weights of ${name} by epoch`, xs, lines: values })}
      </figure>
      <figure>
        <figcaption>‖w‖, log${ghost ? '; dashed: the penalty alone' : ''}</figcaption>
        ${miniChart({
          label: `Norm of the kernel of ${name} by epoch${ghost ? ', with the pure decay' : ''}`,
          xs,
          lines: [norm, ...(ghost ? [{ values: story.pureDecay, kind: 'ghost' as const }] : [])],
          log: true,
        })}
      </figure>
    </div>`;
  }

  private numbers({ epochs }: TrialState, story: DecayStory): TemplateResult {
    const count = Math.max(...epochs.map(({ weights }) => weights.values.length));
    const ghost = story.pureRatios.some((ratio) => ratio !== null);
    return html`<div class="frame"><div class="scroll" tabindex="0" role="region" aria-label="Weights by epoch">
      <table>
        <thead>
          <tr>
            <th scope="col">epoch</th>
            ${Array.from({ length: count }, (_, i) => html`<th scope="col">w<sub>${i}</sub></th>`)}
            <th scope="col" class="first">‖w‖</th>
            <th scope="col" title="‖w‖ over ‖w‖ of the epoch before">÷ prev.</th>
            ${ghost ? html`<th scope="col" title="(1 − 2ηλ) to the power of the steps between">pure decay</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${epochs.map(
            ({ epoch, weights }, i) => html`<tr>
              <th scope="row">${epoch}</th>
              ${weights.values.map((value) => html`<td class=${value !== null && Math.abs(value) < 0.01 ? 'tiny' : ''}>${formatWeight(value)}</td>`)}
              <td class="first">${formatValue(weights.norm, 5)}</td>
              <td>${story.ratios[i]?.toFixed(5) ?? ''}</td>
              ${ghost ? html`<td class="tiny">${story.pureRatios[i]?.toFixed(5) ?? ''}</td>` : nothing}
            </tr>`,
          )}
        </tbody>
      </table>
    </div></div>`;
  }
}

customElements.define('l2bn-weights', Weights);
