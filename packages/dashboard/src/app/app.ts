import { trialLabel } from '@l2bn/core/sweep';
import { css, html, type TemplateResult } from 'lit';
import type { SweepChange } from '../store/sweep-store.ts';
import { finishedCount } from '../wording/counts.ts';
import { formatCount, plural } from '../wording/format.ts';
import '../views/curves-panel.ts';
import '../views/grid-map.ts';
import '../views/inspector.ts';
import '../views/survival.ts';
import '../views/trials-table.ts';
import '../views/weights.ts';
import { Announcer } from './announcer.ts';
import './controls.ts';
import { ModelElement } from './model-element.ts';
import './notice.ts';
import './selection-bar.ts';
import { sharedStyles } from './styles.ts';
import './top-bar.ts';

const ANNOUNCE_EVERY_MS = 1_500;

/** The page: everything about one sweep, on one selection. */
export class App extends ModelElement {
  static override styles = [
    sharedStyles,
    css`
      :host { min-height: 100vh; }
      section:focus, aside:focus { outline: none; }
      .skip { position: absolute; left: -999px; }
      .skip:focus { left: 12px; top: 12px; z-index: 20; background: var(--panel); padding: 8px 12px; }
      main { max-width: 1680px; margin: 0 auto; padding: 14px 20px 28px; }
      .grid {
        display: grid;
        gap: 12px;
        grid-template-columns: minmax(0, 1fr) 336px;
        grid-template-areas: "map side" "curves side" "weights weights" "trials trials";
        align-items: start;
      }
      .map { grid-area: map; }
      .curves { grid-area: curves; }
      /* A sticky grid item is bounded by the grid, not by its area: so the area is a box, and what sticks is in it. */
      .beside { grid-area: side; align-self: stretch; }
      .side { position: sticky; top: 66px; max-height: calc(100vh - 80px); overflow: auto; }
      .weights { grid-area: weights; }
      .trials { grid-area: trials; }
      footer { display: flex; flex-wrap: wrap; gap: 2px 16px; padding: 14px 4px 0; color: var(--ink-3); font-size: 12px; }
      .first { min-height: 50vh; display: grid; place-content: center; text-align: center; color: var(--ink-2); gap: 6px; }
      .first h2 { font-size: 17px; }
      @media (max-width: 1080px) {
        .grid { grid-template-columns: minmax(0, 1fr); grid-template-areas: "map" "curves" "side" "weights" "trials"; }
        .side { position: static; max-height: none; }
      }
      @media (max-width: 640px) {
        main { padding: 10px 8px 20px; }
      }
    `,
  ];

  private announcer: Announcer | null = null;
  private arrived = false;
  private unsaid = '';
  private sayTimer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.onHash);
    this.addEventListener('click', this.onLink);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.onHash);
    this.removeEventListener('click', this.onLink);
    clearTimeout(this.sayTimer);
  }

  protected override onSelection(): void {}

  protected override onData(change: SweepChange): void {
    const { store } = this.model;
    const { state } = store;
    if (state === null) return;
    if (change.replaced) {
      this.announcer ??= new Announcer(store, (trial) => trialLabel(store.state!.plan, trial));
      this.requestUpdate();
      // Once only: a snapshot after a restart must not move what is being looked at.
      if (!this.arrived) void this.updateComplete.then(this.onHash);
      this.arrived = true;
    } else super.onData(change);
    const finished = finishedCount(state.counts);
    document.title = `${state.phase === 'running' ? `${finished}/${state.trials.length}` : state.phase} · ${state.plan.name} · l2bn`;
    this.say(this.announcer?.hear(change) ?? '');
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const { state } = model.store;
    return html`
      <a class="skip" href="#/map">Skip to the map</a>
      <l2bn-top-bar .model=${model}></l2bn-top-bar>
      <main>
        <l2bn-notice .model=${model}></l2bn-notice>
        <l2bn-controls .model=${model}></l2bn-controls>
        ${
          state === null
            ? this.empty()
            : html`<div class="grid">
                <section class="panel map" id="map" tabindex="-1" aria-label="Map of all cells"><l2bn-grid-map .model=${model}></l2bn-grid-map><l2bn-survival .model=${model}></l2bn-survival></section>
                <section class="panel curves" id="curves" tabindex="-1" aria-label="Curves"><l2bn-curves-panel .model=${model}></l2bn-curves-panel></section>
                <div class="beside">
                  <aside class="panel side" id="details" tabindex="-1" aria-label="Selected trial"><l2bn-inspector .model=${model}></l2bn-inspector></aside>
                </div>
                <section class="panel weights" id="weights" tabindex="-1" aria-label="Weights"><l2bn-weights .model=${model}></l2bn-weights></section>
                <section class="panel trials" id="trials" tabindex="-1" aria-label="Trials"><l2bn-trials-table .model=${model}></l2bn-trials-table></section>
              </div>`
        }
        ${
          state === null
            ? ''
            : html`<footer>
                <span>${plural(state.trials.length, 'trial')} in ${plural(state.plan.cells.length, 'cell')}</span>
                ${state.workers > 0 ? html`<span>${plural(state.workers, 'worker')}</span>` : ''}
                <span>event ${formatCount(state.seq)}</span>
                ${state.dropped > 0 ? html`<span>${plural(state.dropped, 'late event')} of older attempts dropped</span>` : ''}
                <span>plan ${state.plan.hash.slice(0, 8)}</span>
                ${model.connection.hello === null ? '' : html`<span>l2bn ${model.connection.hello.version}</span>`}
              </footer>`
        }
      </main>
      <l2bn-selection-bar .model=${model}></l2bn-selection-bar>
      <div class="sr-only" aria-live="polite" id="announcements"></div>
    `;
  }

  private empty(): TemplateResult {
    const { kind } = this.model.connection.state;
    if (kind === 'unauthorised') {
      return html`<div class="first"><h2>This page needs its key</h2><p>The full link, with everything after the #, stands in the terminal where l2bn runs.</p></div>`;
    }
    const waiting = kind === 'connecting' || kind === 'loading';
    return html`<div class="first">
      <h2>${waiting ? 'Connecting to the sweep …' : 'No sweep to show'}</h2>
      <p>${waiting ? 'The page fills as soon as the server answers.' : 'Start one with “l2bn run sweep.yaml”; this page fills by itself.'}</p>
    </div>`;
  }

  private say(text: string): void {
    if (text === '') return;
    this.unsaid = `${this.unsaid} ${text}`.trim();
    this.sayTimer ??= setTimeout(() => {
      this.sayTimer = undefined;
      const live = this.renderRoot.querySelector('#announcements');
      if (live !== null) live.textContent = this.unsaid;
      this.unsaid = '';
    }, ANNOUNCE_EVERY_MS);
  }

  private readonly onHash = (): void => this.show(location.hash);

  /** A second press on the same link changes no hash, but should lead there again. */
  private readonly onLink = (event: Event): void => {
    const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
    if (link !== undefined) this.show(link.hash);
  };

  /** Scrolls to the section that `#/name` names. The browser cannot: it does not look into shadow roots. */
  private show(hash: string): void {
    const id = /^#\/(\w+)$/.exec(hash)?.[1];
    const section = id === undefined ? null : this.renderRoot.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
    section?.scrollIntoView();
    section?.focus({ preventScroll: true });
  }
}

customElements.define('l2bn-app', App);
