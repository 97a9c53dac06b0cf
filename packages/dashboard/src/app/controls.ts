import type { ControlCommand, ServerFacts, SweepState } from '@l2bn/core/sweep';
import { css, html, nothing, type TemplateResult } from 'lit';
import { commandsOf } from '../connection/control.ts';
import { resumeCommand } from '../wording/resume-command.ts';
import { controlReply } from './control-reply.ts';
import { ModelElement } from './model-element.ts';
import { sharedStyles } from './styles.ts';

const SWEEP_COMMANDS: ReadonlySet<ControlCommand['do']> = new Set(['pause', 'resume', 'stop', 'workers']);

/** What can be done to the sweep as a whole, where the server takes commands; nothing elsewhere. */
export class Controls extends ModelElement {
  static override properties = { ...ModelElement.properties, draft: { state: true } };
  static override styles = [
    sharedStyles,
    css`
      .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 10px; padding: 8px 14px; margin-bottom: 12px; }
      form { display: inline-flex; flex-wrap: wrap; align-items: center; gap: 6px; }
      .over { color: var(--bad); }
      input { width: 56px; }
      dialog { max-width: 420px; border: 1px solid var(--line-2); border-radius: var(--radius); background: var(--panel); color: var(--ink); padding: 18px 20px; }
      dialog::backdrop { background: rgb(0 0 0 / 45%); }
      dialog p { margin: 8px 0 16px; color: var(--ink-2); }
      dialog div { display: flex; justify-content: flex-end; gap: 8px; }
      button.danger { color: var(--bad); border-color: var(--bad); }
    `,
  ];
  /** The number of workers that is typed in and not yet set. */
  declare draft: number | null;
  private hadFocus = false;

  constructor() {
    super();
    this.draft = null;
  }

  protected override onSelection(): void {}
  protected override onControl(): void {
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    super.willUpdate();
    this.hadFocus = this.shadowRoot?.activeElement?.closest('section') != null;
  }

  /** A button that goes away, or is no longer to be pressed, must not take the keyboard along: it stays where the answer is. */
  protected override updated(): void {
    if (this.hadFocus && this.shadowRoot?.activeElement?.matches(':enabled, section') !== true) this.section?.focus();
  }

  /**
   * In all phases one and the same section, with the same output: a new one would not be read out, and who has the keyboard in it
   * would be left with nothing.
   */
  protected override render(): TemplateResult {
    const { store, control, connection } = this.model;
    const { state } = store;
    if (state === null || !control.allowed || state.phase === 'stopped') return html``;
    const { phase, counts } = state;
    const isOver = phase === 'finished';
    // What was put back is planned before the phase says that the sweep goes on.
    if (isOver && counts.failed + counts.cancelled + counts.planned === 0) return html``;
    const takes = connection.state.kind === 'live' ? commandsOf(phase) : new Set();
    const can = (name: ControlCommand['do']) => takes.has(name);
    const given = control.reply !== null && isOfSweep(control.reply.command) ? control.reply : null;
    return html`
      <section class="panel bar" tabindex="-1" aria-label="Control of the sweep">
        ${isOver ? nothing : this.steering(state, can)} ${this.retryAll(state, can('retry'))} ${controlReply(given)}
      </section>
      ${isOver ? nothing : this.question(state)}
    `;
  }

  private steering(state: SweepState, can: (name: ControlCommand['do']) => boolean): TemplateResult {
    const [command, label, title] =
      state.phase === 'paused'
        ? (['resume', 'Resume', nothing] as const)
        : (['pause', 'Pause', 'Running trials go on, no new ones start'] as const);
    return html`
      <button class="plain" type="button" title=${title} ?disabled=${!can(command)} aria-disabled=${this.rests} @click=${() => this.model.control.send({ do: command })}>${label}</button>
      <button class="plain" type="button" aria-haspopup="dialog" ?disabled=${!can('stop')} aria-disabled=${this.rests} @click=${this.askToStop}>Stop …</button>
      ${this.workers(state, can('workers'))}
    `;
  }

  private question({ counts }: SweepState): TemplateResult {
    return html`<dialog aria-labelledby="question" @close=${this.onAnswered}>
      <h2 id="question">Stop the sweep?</h2>
      <p>
        ${counts.running > 0 ? 'Running trials end at their next step. ' : ''}${stopComfort(this.model.connection.hello)}
      </p>
      <div>
        <button class="plain" type="button" autofocus @click=${() => this.dialog.close()}>Keep running</button>
        <button class="plain danger" type="button" @click=${() => this.dialog.close('stop')}>Stop the sweep</button>
      </div>
    </dialog>`;
  }

  private workers({ workers }: SweepState, can: boolean): TemplateResult {
    const wanted = this.draft ?? workers;
    const most = this.model.connection.hello?.maxWorkers;
    const valid = Number.isInteger(wanted) && wanted >= 1;
    // Not validated by the browser: of too many the server says itself why it refuses them, in words that stay.
    return html`<form novalidate @submit=${this.onWorkers}>
      <label class="field"
        >Workers
        <input type="number" min="1" max=${most ?? nothing} step="1" required aria-describedby="most" .value=${wanted > 0 ? String(wanted) : ''}
          ?disabled=${!can} @input=${this.onDraft}
      /></label>
      <button class="plain" type="submit" ?disabled=${!can || !valid || wanted === workers} aria-disabled=${this.rests}>Set</button>
      <span class="sub ${most !== undefined && wanted > most && wanted !== workers ? 'over' : ''}" id="most"
        >${most === undefined ? nothing : `at most ${most}: what cores, memory and trials allow, or what the sweep was started with`}</span
      >
    </form>`;
  }

  /** Pruned trials are put back one by one: a rule's decision is not undone for all at once. */
  private retryAll({ counts }: SweepState, can: boolean): TemplateResult | typeof nothing {
    const given = counts.failed + counts.cancelled;
    if (given === 0) return nothing;
    const label = [
      counts.failed > 0 ? `${counts.failed} failed` : '',
      counts.cancelled > 0 ? `${counts.cancelled} cancelled` : '',
    ]
      .filter(Boolean)
      .join(' and ');
    return html`<button class="plain" type="button" ?disabled=${!can} aria-disabled=${this.rests} @click=${() => this.model.control.send({ do: 'retry', trial: null })}>
      Retry ${label}
    </button>`;
  }

  /** While a command waits for its answer another one is not taken. A disabled button would lose the keyboard for that moment. */
  private get rests(): 'true' | typeof nothing {
    return this.model.control.pending === null ? nothing : 'true';
  }

  private get section(): HTMLElement | null {
    return this.renderRoot.querySelector('section');
  }

  private get dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  private askToStop(): void {
    if (this.model.control.pending !== null) return;
    this.dialog.returnValue = '';
    this.dialog.showModal();
  }

  private onAnswered(): void {
    if (this.dialog.returnValue === 'stop') void this.model.control.send({ do: 'stop' });
  }

  private onDraft(event: Event): void {
    this.draft = (event.target as HTMLInputElement).valueAsNumber;
  }

  private async onWorkers(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.draft === null || !Number.isInteger(this.draft) || this.model.control.pending !== null) return;
    await this.model.control.send({ do: 'workers', count: this.draft });
    this.draft = null;
  }
}

const stopComfort = (facts: ServerFacts | null): string =>
  `No result is lost: ${resumeCommand(facts)} goes on from the last checkpoints.`;

const isOfSweep = (command: ControlCommand): boolean =>
  SWEEP_COMMANDS.has(command.do) || (command.do === 'retry' && command.trial === null);

customElements.define('l2bn-controls', Controls);
