import { type ArmSurvival, armSurvival, formatAxisValue, type TrialStatus } from '@l2bn/core/sweep';
import { css, html, nothing, type TemplateResult } from 'lit';
import { cssom } from '../app/cssom.ts';
import { ModelElement } from '../app/model-element.ts';
import { statusIcon, statusLabel } from '../app/status-icon.ts';
import { sharedStyles } from '../app/styles.ts';
import { plural } from '../wording/format.ts';

const LOSSES = ['diverged', 'pruned', 'failed'] as const satisfies readonly TrialStatus[];

/** How many trials of each arm came through, as soon as one did not: means are over those alone. */
export class SurvivalStrip extends ModelElement {
  static override styles = [
    sharedStyles,
    css`
      .strip { border-top: 1px solid var(--line); padding: 8px 18px 12px; font-size: 12px; color: var(--ink-2); display: grid; gap: 4px; }
      h3 { font-size: 12px; }
      table { border-collapse: collapse; width: 100%; }
      th { font-weight: 500; text-align: left; padding: 1px 12px 1px 0; white-space: nowrap; }
      td { padding: 1px 12px 1px 0; width: 100%; }
      td:first-of-type { width: auto; }
      .rate { width: clamp(60px, 16vw, 220px); display: flex; height: 8px; border-radius: 4px; overflow: hidden; background: var(--grid); }
      .rate i { height: 100%; }
      .rate .survived { background: var(--ok); }
      .rate .pruned { background: var(--pruned); }
      .rate .diverged, .rate .failed { background: var(--bad); }
      .counts { display: flex; flex-wrap: wrap; gap: 2px 12px; }
      .warning { display: flex; gap: 6px; align-items: baseline; color: var(--warn); text-wrap: pretty; }
      .warning svg { width: 13px; height: 13px; flex: none; align-self: center; }
    `,
  ];
  protected override readonly refreshInterval = 500;

  protected override onSelection(): void {}
  protected override onConnection(): void {}

  protected override render(): TemplateResult | typeof nothing {
    const { state } = this.model.store;
    if (state === null || !LOSSES.some((status) => state.counts[status] > 0)) return nothing;
    const { arms, differs } = armSurvival(state);
    return html`<section class="strip" aria-label="Survival">
      <h3 title="Neither diverged, pruned nor failed; also those that patience ended">Came through</h3>
      <table aria-label="Survival by arm"><tbody>${arms.map((arm) => this.arm(arm))}</tbody></table>
      ${
        differs
          ? html`<p class="warning" role="note">${statusIcon('failed')}<span
                >Survival differs between the arms. Means are over survivors only, so the arm that lost more of its trials may look better
                than it is.</span
              ></p>`
          : nothing
      }
    </section>`;
  }

  private arm(arm: ArmSurvival): TemplateResult {
    const share = (count: number) => cssom({ width: `${arm.ended === 0 ? 0 : (100 * count) / arm.ended}%` });
    return html`<tr>
      <th scope="row">${armName(arm)}</th>
      <td aria-hidden="true">
        <span class="rate"><i class="survived" ${share(arm.survived)}></i>${LOSSES.map((status) => html`<i class=${status} ${share(arm[status])}></i>`)}</span>
      </td>
      <td>
        <span class="counts"
          ><span>${arm.ended === 0 ? 'none has ended yet' : `${arm.survived} of ${plural(arm.ended, 'ended trial')}`}</span>
          ${LOSSES.map((status) => (arm[status] === 0 ? nothing : statusLabel(status, `${arm[status]} ${status}`)))}</span
        >
      </td>
    </tr>`;
  }
}

const armName = ({ values }: ArmSurvival): string =>
  Object.entries(values)
    .map(([key, value]) => formatAxisValue(key, value))
    .join(' · ') || 'all trials';

customElements.define('l2bn-survival', SurvivalStrip);
