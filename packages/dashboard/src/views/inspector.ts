import {
  type Cell,
  canCancel,
  formatDuration,
  formatStrength,
  hasEnded,
  runTimeOf,
  type SweepPlan,
  type SweepState,
  type TrialConfig,
  type TrialState,
  trialLabel,
} from '@l2bn/core/sweep';
import { halvingSteps, pureDecayFactor, weightDecayOf } from '@l2bn/core/theory';
import { html, nothing, type TemplateResult } from 'lit';
import { controlReply } from '../app/control-reply.ts';
import { cssom } from '../app/cssom.ts';
import { ModelElement } from '../app/model-element.ts';
import { clockOf } from '../app/page-model.ts';
import { statusLabel } from '../app/status-icon.ts';
import { sharedStyles } from '../app/styles.ts';
import { canRetry, commandsOf } from '../connection/control.ts';
import { lastValue, METRIC_KEYS, METRICS } from '../store/metrics.ts';
import { progressOf } from '../store/seeds-summary.ts';
import { ending, stoppedEarly } from '../wording/ending.ts';
import { axisName, axisValue, formatCount, formatFactor, plural } from '../wording/format.ts';
import { strengthNote } from '../wording/strength-note.ts';
import { inspectorStyles } from './inspector.styles.ts';
import { flatten, listed, settings } from './settings-list.ts';
import { trialTrouble } from './trial-trouble.ts';

/** More selected trials than that are counted, not listed. */
const MOST_CHOICES = 100;

/** What is known of the selected trial; without one, what the sweep is made of. */
export class Inspector extends ModelElement {
  static override properties = { ...ModelElement.properties, focused: { state: true } };
  static override styles = [sharedStyles, inspectorStyles];
  /** The trial to show when several are selected. */
  declare focused: string;
  protected override readonly refreshInterval = 300;

  constructor() {
    super();
    this.focused = '';
  }

  protected override onControl(): void {
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { store, selection } = this.model;
    const { state } = store;
    if (state === null) return html``;
    const trials = selection.trials.flatMap((id) => store.trial(id) ?? []);
    const trial = trials.find(({ id }) => id === this.focused) ?? trials[0];
    if (trial === undefined) return this.sweep(state);
    const cell = state.plan.cells.find(({ id }) => id === trial.cell)!;
    return html`
      <div class="head">
        <h2>${trials.length === 1 ? 'Trial' : `${trials.length} trials`}</h2>
        <span class="spacer"></span>
        <button class="plain" type="button" @click=${() => selection.select([])}>Clear</button>
      </div>
      ${trials.length > 1 ? this.choices(state.plan, trials, trial) : nothing}
      <div class="body">
        <h3>${trialLabel(state.plan, trial)}</h3>
        ${this.progress(trial)} ${this.control(trial)} ${trialTrouble(trial)} ${this.metrics(trial, cell.config)}
        ${this.facts(trial, cell.config)} ${this.config(state.plan, cell)}
      </div>
    `;
  }

  private choices(plan: SweepPlan, trials: readonly TrialState[], current: TrialState): TemplateResult {
    const metric = METRICS.validationAccuracy;
    return html`<div class="choices" role="group" aria-label="Selected trials">
      ${trials.slice(0, MOST_CHOICES).map(
        (
          trial,
        ) => html`<button type="button" aria-pressed=${trial === current ? 'true' : 'false'} @click=${() => (this.focused = trial.id)}>
          <span>${trialLabel(plan, trial)}</span>
          ${trial.status === 'done' ? metric.format(lastValue(trial, metric)) : statusLabel(trial.status)}
        </button>`,
      )}
      ${trials.length > MOST_CHOICES ? html`<p class="muted">and ${formatCount(trials.length - MOST_CHOICES)} more</p>` : nothing}
    </div>`;
  }

  private progress(trial: TrialState): TemplateResult {
    const { status, attempt, worker, step, totalSteps, stepsPerEpoch } = trial;
    const elapsed = runTimeOf(this.model.store.state!, trial, clockOf(this.model));
    const epoch =
      stepsPerEpoch === 0
        ? ''
        : `epoch ${Math.floor(step / stepsPerEpoch)} of ${Math.round(totalSteps / stepsPerEpoch)}`;
    const parts = [
      epoch,
      totalSteps === 0 ? '' : `step ${formatCount(step)} of ${formatCount(totalSteps)}`,
      elapsed === null ? '' : formatDuration(elapsed),
      worker === null ? '' : `worker ${worker}`,
      attempt > 1 ? `attempt ${attempt}` : '',
      stoppedEarly(trial) === null ? '' : 'patience ran out',
    ].filter(Boolean);
    return html`<div class="line">${statusLabel(status, ending(trial))}<span class="muted">${parts.join(' · ')}</span></div>
      <div class="track"><i class=${status} ${cssom({ width: `${100 * progressOf(trial)}%` })}></i></div>`;
  }

  private control({ id, status }: TrialState): TemplateResult | typeof nothing {
    const { control, connection, store } = this.model;
    const { phase } = store.state!;
    if (!control.allowed || (hasEnded(phase) && !(phase === 'finished' && canRetry(status)))) return nothing;
    const takes = commandsOf(phase);
    const ready = connection.state.kind === 'live' && control.pending === null;
    const { reply } = control;
    const given = reply !== null && 'trial' in reply.command && reply.command.trial === id ? reply : null;
    return html`<div class="control" role="group" aria-label="Control of the trial">
      <button
        class="plain"
        type="button"
        title="The trial is not run, or not any further"
        ?disabled=${!ready || !takes.has('cancel') || !canCancel(status)}
        @click=${() => control.send({ do: 'cancel', trial: id })}
      >
        Cancel trial
      </button>
      <button
        class="plain"
        type="button"
        title="A failed, cancelled or pruned trial is run again"
        ?disabled=${!ready || !takes.has('retry') || !canRetry(status)}
        @click=${() => control.send({ do: 'retry', trial: id })}
      >
        Retry trial
      </button>
      ${controlReply(given)}
    </div>`;
  }

  private metrics(trial: TrialState, { batchNorm }: TrialConfig): TemplateResult {
    const rows = METRIC_KEYS.map((key) => METRICS[key]);
    if (trial.epochs.length === 0) return html`<p class="muted">No numbers yet.</p>`;
    return html`<dl class="metrics" aria-label=${`Last epoch, ${batchNorm ? 'with' : 'without'} BN`}>
      ${rows.map((metric) => html`<div><dt>${metric.label}</dt><dd>${metric.format(lastValue(trial, metric))}</dd></div>`)}
    </dl>`;
  }

  private facts(trial: TrialState, config: TrialConfig): TemplateResult {
    const { l2 } = config;
    const factor = pureDecayFactor(config);
    const halving = halvingSteps(config);
    return html`<dl class="facts">
      ${factor === null ? nothing : html`<div><dt>decay per step, 1 − 2ηλ</dt><dd>${formatFactor(factor)}</dd></div>`}
      ${halving === null ? nothing : html`<div><dt>halves a weight in</dt><dd>${plural(halving, 'step')}</dd></div>`}
      ${l2 === 0 ? nothing : html`<div><dt title="λ is the Keras coefficient, of the penalty λ·Σw²">in PyTorch, weight_decay = 2λ</dt><dd>${formatStrength(weightDecayOf(l2))}</dd></div>`}
      ${trial.weightsHash === null ? nothing : html`<div><dt>final weights, SHA-256</dt><dd class="mono" title=${trial.weightsHash}>${trial.weightsHash.slice(0, 12)}…</dd></div>`}
    </dl>`;
  }

  private config(plan: SweepPlan, { config, values }: Cell): TemplateResult {
    const swept = new Set(plan.axes.map(({ key }) => key));
    return html`
      <dl class="facts swept" aria-label="Swept settings">
        ${plan.axes.map(
          ({ key }) =>
            html`<div title=${key === 'l2' ? strengthNote(config.l2, [config]) : nothing}><dt>${axisName(key)}</dt><dd>${axisValue(key, values[key])}</dd></div>`,
        )}
      </dl>
      <details>
        <summary>Shared by all trials</summary>
        ${settings(flatten(config).filter(([key]) => !swept.has(key)))}
      </details>
    `;
  }

  private sweep(state: SweepState): TemplateResult {
    const { plan } = state;
    const swept = new Set(plan.axes.map(({ key }) => key));
    const shared = plan.cells[0] === undefined ? [] : flatten(plan.cells[0].config).filter(([key]) => !swept.has(key));
    return html`
      <div class="head"><h2>Sweep</h2><span class="sub">select a cell, a line or a row to look inside a trial</span></div>
      <div class="body">
        <dl class="facts swept">
          ${plan.axes.map(
            ({ key, values }) =>
              html`<div><dt>${axisName(key)}</dt><dd>${listed(values.map((value) => axisValue(key, value)))}</dd></div>`,
          )}
          <div><dt>${plan.seeds.length === 1 ? 'seed' : 'seeds'}</dt><dd>${listed(plan.seeds.map(String))}</dd></div>
          <div><dt>in all</dt><dd>${plural(plan.cells.length, 'cell')}, ${plural(plan.trials.length, 'trial')}</dd></div>
        </dl>
        <details ?open=${matchMedia('(min-width: 1081px)').matches}>
          <summary>Shared by all trials</summary>
          ${settings(shared)}
        </details>
      </div>
    `;
  }
}

customElements.define('l2bn-inspector', Inspector);
