import type { LitElement, ReactiveController } from 'lit';

/**
 * Marks the `.frame` of a `.scroll` box with the sides where something lies beyond the edge (`data-more="right"`): platforms
 * that hide their scrollbars do not show it, and a table that ends at a column's edge looks whole.
 */
export class ScrollEdges implements ReactiveController {
  private readonly host: LitElement;
  private box: HTMLElement | null = null;
  private readonly sizes = new ResizeObserver(() => this.mark());

  constructor(host: LitElement) {
    this.host = host;
    host.addController(this);
  }

  hostUpdated(): void {
    const box = this.host.renderRoot.querySelector<HTMLElement>('.frame > .scroll');
    if (box === this.box) return;
    this.hostDisconnected();
    this.box = box;
    if (box === null) return;
    box.addEventListener('scroll', this.mark, { passive: true });
    this.sizes.observe(box);
    if (box.firstElementChild !== null) this.sizes.observe(box.firstElementChild);
  }

  hostDisconnected(): void {
    this.sizes.disconnect();
    this.box?.removeEventListener('scroll', this.mark);
    this.box = null;
  }

  private readonly mark = (): void => {
    const { box } = this;
    if (box?.parentElement == null) return;
    const rest = box.scrollWidth - box.clientWidth - box.scrollLeft;
    const more = [box.scrollLeft > 1 ? 'left' : '', rest > 1 ? 'right' : ''].filter(Boolean).join(' ');
    if (box.parentElement.dataset.more !== more) box.parentElement.dataset.more = more;
  };
}
