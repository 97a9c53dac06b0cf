import { css, html, nothing, type TemplateResult } from 'lit';
import { checkpointTrouble } from '../wording/checkpoint-trouble.ts';
import { plural } from '../wording/format.ts';
import { resumeCommand } from '../wording/resume-command.ts';
import { summarySentence } from '../wording/summary.ts';
import { connectionWords } from './connection-words.ts';
import { ModelElement } from './model-element.ts';
import { sharedStyles } from './styles.ts';
import { Ticker } from './ticker.ts';

/** What needs to be said above all else: trouble with the connection, and the phases that are not plain running. */
export class Notice extends ModelElement {
  static override styles = [
    sharedStyles,
    css`
      p { display: flex; align-items: center; gap: 12px; padding: 9px 14px; border-radius: var(--radius); border: 1px solid; margin-bottom: 12px; }
      p > span { flex: 1; }
      .ok { background: var(--ok-soft); border-color: color-mix(in srgb, var(--ok) 35%, transparent); }
      .busy { background: var(--accent-soft); border-color: color-mix(in srgb, var(--accent) 35%, transparent); }
      .warn { background: var(--warn-soft); border-color: color-mix(in srgb, var(--warn) 40%, transparent); }
      .bad { background: var(--bad-soft); border-color: color-mix(in srgb, var(--bad) 40%, transparent); }
      b { font-weight: 650; }
    `,
  ];

  constructor() {
    super();
    new Ticker(
      this,
      () => !['live', 'connecting', 'loading', 'unauthorised', 'mismatch'].includes(this.model?.connection.state.kind),
    );
  }

  protected override onSelection(): void {}
  protected override onControl(): void {
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    return html`<div role="status">${this.connectionNotice()}${this.phaseNotice()}${this.checkpointNotice()}${this.modelNotice()}</div>`;
  }

  private connectionNotice(): TemplateResult | typeof nothing {
    const { connection, store } = this.model;
    const words = connectionWords(connection.state, {
      phase: store.state?.phase ?? null,
      now: Date.now(),
      facts: connection.hello,
    });
    if (words.notice === '') return nothing;
    const button =
      words.action === null
        ? nothing
        : words.action === 'retry'
          ? html`<button class="plain" type="button" @click=${() => connection.retryNow()}>Try now</button>`
          : html`<button class="plain" type="button" @click=${() => location.reload()}>Reload</button>`;
    return html`<p class=${words.tone}><span>${words.notice}</span>${button}</p>`;
  }

  /** Said while something can still be done about it. */
  private checkpointNotice(): TemplateResult | typeof nothing {
    const { state } = this.model.store;
    const trouble = state === null ? null : checkpointTrouble(state);
    if (trouble === null) return nothing;
    return html`<p class="warn"><span><b>Checkpoints fail.</b> ${trouble.text}. Training goes on; what is done since would be done again after an interruption.</span></p>`;
  }

  /** Of results that map and curves show side by side with those of another network. */
  private modelNotice(): TemplateResult[] {
    const { mixedModels = [] } = this.model.connection.hello ?? {};
    return mixedModels.map(
      ({ model, older }) =>
        html`<p class="warn"><span><b>Two versions of ${model}.</b> ${plural(older, 'result')} ${older === 1 ? 'is' : 'are'} of another version than it has now, and shown beside the others.</span></p>`,
    );
  }

  private phaseNotice(): TemplateResult | typeof nothing {
    const { state } = this.model.store;
    if (state === null) return nothing;
    const detail = state.detail === '' ? '' : ` ${state.detail}.`;
    const text = (tone: string, head: string, rest: string) =>
      html`<p class=${tone}><span><b>${head}</b> ${rest}</span></p>`;
    switch (state.phase) {
      case 'running':
        return nothing;
      case 'preparing':
        return text('busy', 'Preparing.', state.detail === '' ? 'No trial runs yet.' : `${capital(state.detail)} …`);
      case 'paused':
        return text(
          'warn',
          'Paused.',
          `Running trials go on, no new ones start.${detail} ${this.model.control.allowed ? '“Resume”' : '“l2bn resume”'} ends the pause.`,
        );
      case 'stopping':
        return text('warn', 'Stopping.', `Running trials end at their next step.${detail}`);
      case 'stopped':
        return text(
          'warn',
          'Stopped.',
          `${summarySentence(state)}${detail} ${capital(resumeCommand(this.model.connection.hello))} goes on from here.`,
        );
      case 'finished':
        return text(state.counts.failed > 0 ? 'warn' : 'ok', 'Finished.', `${summarySentence(state)}`);
    }
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

customElements.define('l2bn-notice', Notice);
