import { formatDuration, hasEnded, type SweepState } from '@l2bn/core/sweep';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { progressOf } from '../store/seeds-summary.ts';
import { checkpointTrouble } from '../wording/checkpoint-trouble.ts';
import { finishedCount } from '../wording/counts.ts';
import { formatCount } from '../wording/format.ts';
import { connectionWords } from './connection-words.ts';
import { cssom } from './cssom.ts';
import { ModelElement } from './model-element.ts';
import { clockOf } from './page-model.ts';
import { statusLabel } from './status-icon.ts';
import { sharedStyles } from './styles.ts';
import { currentTheme, toggleTheme } from './theme.ts';
import { Ticker } from './ticker.ts';
import { topBarStyles } from './top-bar.styles.ts';

const SECTIONS = [
  ['map', 'Map'],
  ['curves', 'Curves'],
  ['weights', 'Weights'],
  ['trials', 'Trials'],
] as const;

/** Name, phase, progress and connection of the sweep, always in sight. */
export class TopBar extends ModelElement {
  static override styles = [sharedStyles, topBarStyles];

  constructor() {
    super();
    new Ticker(
      this,
      () => this.model?.store.state?.phase === 'running' || this.model?.connection.state.kind !== 'live',
    );
  }

  protected override onSelection(): void {}

  protected override render(): TemplateResult {
    const { state } = this.model.store;
    const { connection } = this.model;
    const words = connectionWords(connection.state, {
      phase: state?.phase ?? null,
      now: Date.now(),
      facts: connection.hello,
    });
    const dark = currentTheme() === 'dark';
    return html`<header class="bar">
      <span class="brand">
        ${logo}
        <span class="product">l2bn</span>
        ${state === null ? nothing : html`<span class="sweep" role="heading" aria-level="1">${state.plan.name}</span>`}
      </span>
      ${state === null ? nothing : this.progress(state)}
      <span class="right">
      ${
        state === null
          ? nothing
          : html`<nav aria-label="Sections">${SECTIONS.map(([id, name]) => html`<a href="#/${id}">${name}</a>`)}</nav>`
      }
      <span class="chip ${words.tone}" role="status" aria-label="Connection: ${words.chip}" title=${words.tone === 'ok' ? 'Connected: what happens in the sweep is shown as it happens' : words.notice}><i></i>${words.chip}</span>
      <button class="icon" type="button" aria-label=${dark ? 'Use light colours' : 'Use dark colours'} @click=${this.onTheme}>
        ${dark ? sun : moon}
      </button>
      </span>
    </header>`;
  }

  private progress(state: SweepState): TemplateResult {
    const { counts, trials, phase } = state;
    const total = Math.max(1, trials.length);
    const trouble = checkpointTrouble(state);
    const bad = counts.diverged + counts.failed;
    const partly = trials.reduce((sum, trial) => sum + (trial.status === 'running' ? progressOf(trial) : 0), 0);
    const running = phase === 'running' && this.model.connection.state.kind === 'live';
    const took = state.runTime > 0 && (phase === 'finished' || phase === 'stopped');
    const width = (part: number) => cssom({ width: `${(100 * part) / total}%` });
    const isLost = this.model.connection.state.kind === 'gone' && !hasEnded(phase);
    return html`<span class="phase ${isLost ? 'lost' : phase}"><i></i>${isLost ? `was ${phase}` : phase}</span>
      <span class="progress">
        <span
          class="track"
          role="progressbar"
          aria-label="Trials finished"
          aria-valuemin="0"
          aria-valuemax=${trials.length}
          aria-valuenow=${finishedCount(counts)}
          ><i class="done" ${width(counts.done)}></i><i class="pruned" ${width(counts.pruned)}></i><i class="bad" ${width(bad)}></i
          ><i class="cancelled" ${width(counts.cancelled)}></i><i class="part" ${width(partly)}></i
        ></span>
        <span><b>${formatCount(finishedCount(counts))}</b> / ${formatCount(trials.length)}</span>
        ${counts.running > 0 ? statusLabel('running', `${formatCount(counts.running)} running`) : nothing}
        ${counts.pruned > 0 ? statusLabel('pruned', `${formatCount(counts.pruned)} pruned`) : nothing}
        ${counts.diverged > 0 ? statusLabel('diverged', `${formatCount(counts.diverged)} diverged`) : nothing}
        ${counts.failed > 0 ? statusLabel('failed', `${formatCount(counts.failed)} failed`) : nothing}
        ${counts.cancelled > 0 ? statusLabel('cancelled', `${formatCount(counts.cancelled)} cancelled`) : nothing}
        ${trouble === null ? nothing : html`<span class="trouble" title=${trouble.text}>⚠ ${trouble.count} without checkpoint</span>`}
        ${running ? this.eta(state) : nothing}
        ${took ? html`<span title="How long trials ran, without stops and pauses">took ${formatDuration(state.runTime)}</span>` : nothing}
      </span>`;
  }

  private eta(state: SweepState): TemplateResult {
    const left = this.model.store.pace.left(state, clockOf(this.model));
    const basis = `From the pace of the steps since the sweep began to run, or since this page knows it${state.counts.pruned > 0 ? '; what is pruned makes it less' : ''}`;
    return html`<span title=${basis}>ETA ${left === null ? '…' : formatDuration(left)}</span>`;
  }

  private onTheme(): void {
    toggleTheme();
    this.requestUpdate();
  }
}

const logo = html`<svg viewBox="0 0 20 20" aria-hidden="true">
  ${svg`<rect width="9" height="9" rx="2" fill="#5b4a9e" /><rect x="11" width="9" height="9" rx="2" fill="#277f8e" />
  <rect y="11" width="9" height="9" rx="2" fill="#3fae63" /><rect x="11" y="11" width="9" height="9" rx="2" fill="#e0c928" />`}
</svg>`;
const moon = html`<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" aria-hidden="true">
  <path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z" />
</svg>`;
const sun = html`<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" aria-hidden="true">
  <circle cx="10" cy="10" r="3.4" />
  <path d="M10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M15.8 4.2l-1.4 1.4M5.6 14.4l-1.4 1.4" />
</svg>`;

customElements.define('l2bn-top-bar', TopBar);
