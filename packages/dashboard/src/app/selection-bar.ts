import { cellLabel, type SweepState, type TrialState, trialLabel } from '@l2bn/core/sweep';
import { css, html, type TemplateResult } from 'lit';
import { lastValue, METRICS } from '../store/metrics.ts';
import { summarize } from '../store/seeds-summary.ts';
import { ending } from '../wording/ending.ts';
import { plural } from '../wording/format.ts';
import { ModelElement } from './model-element.ts';
import { sharedStyles } from './styles.ts';

const metric = METRICS.validationAccuracy;

/** On screens where the details lie far below what was tapped: what is selected, in a line at the lower edge, and the way there. */
export class SelectionBar extends ModelElement {
  static override styles = [
    sharedStyles,
    css`
      :host { display: none; }
      @media (max-width: 1080px) {
        :host { display: block; position: sticky; bottom: 0; z-index: 10; }
      }
      section {
        display: flex; align-items: center; gap: 10px; padding: 7px 14px; background: var(--raised);
        border-top: 1px solid var(--line-2); box-shadow: 0 -3px 12px rgb(0 0 0 / 14%);
      }
      div { flex: 1; min-width: 0; }
      b { display: block; font-weight: 600; }
      b, p { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      p { color: var(--ink-2); font-size: 12px; }
      a { color: var(--accent); font-weight: 600; white-space: nowrap; padding: 6px 2px; }
      button.plain { min-height: 30px; }
    `,
  ];
  protected override readonly refreshInterval = 500;

  protected override onConnection(): void {}

  protected override render(): TemplateResult {
    const { store, selection } = this.model;
    const trials = selection.trials.flatMap((id) => store.trial(id) ?? []);
    if (store.state === null || trials.length === 0) return html``;
    const { name, text } = words(store.state, trials);
    return html`<section aria-label="Selection">
      <div><b>${name}</b><p>${text}</p></div>
      <a href="#/details">Details</a>
      <button class="plain" type="button" @click=${() => selection.select([])}>Clear</button>
    </section>`;
  }
}

function words({ plan }: SweepState, trials: readonly TrialState[]): { name: string; text: string } {
  const first = trials[0]!;
  if (trials.length === 1) {
    const value = lastValue(first, metric);
    return {
      name: trialLabel(plan, first),
      text: `${value === null ? 'no value yet' : `${metric.label.toLowerCase()} ${metric.format(value)}`} · ${ending(first)}`,
    };
  }
  const cell = trials.every((trial) => trial.cell === first.cell) && plan.cells.find(({ id }) => id === first.cell);
  if (!cell) return { name: plural(trials.length, 'trial'), text: 'selected' };
  const { value, count } = summarize(trials, metric);
  const mean =
    value === null ? 'no value yet' : `${metric.label.toLowerCase()} ${metric.format(value)}, mean of ${count}`;
  return { name: cellLabel(plan, cell), text: `${mean} · ${plural(trials.length, 'trial')}` };
}

customElements.define('l2bn-selection-bar', SelectionBar);
