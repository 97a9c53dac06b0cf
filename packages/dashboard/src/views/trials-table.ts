import { html, type TemplateResult } from 'lit';
import { ModelElement } from '../app/model-element.ts';
import { sharedStyles } from '../app/styles.ts';

export class TrialsTable extends ModelElement {
  static override styles = [sharedStyles];
  protected override render(): TemplateResult {
    return html`<div class="head"><h2>TrialsTable</h2></div>`;
  }
}
customElements.define('l2bn-trials-table', TrialsTable);
