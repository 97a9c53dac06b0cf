import { html, type TemplateResult } from 'lit';
import { ModelElement } from '../app/model-element.ts';
import { sharedStyles } from '../app/styles.ts';

export class Weights extends ModelElement {
  static override styles = [sharedStyles];
  protected override render(): TemplateResult {
    return html`<div class="head"><h2>Weights</h2></div>`;
  }
}
customElements.define('l2bn-weights', Weights);
