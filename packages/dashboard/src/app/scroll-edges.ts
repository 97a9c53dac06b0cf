import type { LitElement, ReactiveController } from 'lit';

/**
 * Marks each `.frame` of a `.scroll` box with the sides where something lies beyond the edge (`data-more="right"`): platforms
 * that hide their scrollbars do not show it, and a table that ends at a column's edge looks whole.
 */
export class ScrollEdges implements ReactiveController {
  private readonly host: LitElement;
  private readonly boxes = new Set<HTMLElement>();
  private readonly sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) this.markAt(target);
  });

  constructor(host: LitElement) {
    this.host = host;
    host.addController(this);
  }

  hostUpdated(): void {
    const found = new Set(this.host.renderRoot.querySelectorAll<HTMLElement>('.frame > .scroll'));
    for (const box of this.boxes) if (!found.has(box)) this.leave(box);
    for (const box of found) if (!this.boxes.has(box)) this.watch(box);
  }

  hostDisconnected(): void {
    for (const box of this.boxes) this.leave(box);
  }

  private watch(box: HTMLElement): void {
    this.boxes.add(box);
    box.addEventListener('scroll', this.onScroll, { passive: true });
    this.sizes.observe(box);
    if (box.firstElementChild !== null) this.sizes.observe(box.firstElementChild);
  }

  private leave(box: HTMLElement): void {
    this.boxes.delete(box);
    box.removeEventListener('scroll', this.onScroll);
    this.sizes.unobserve(box);
    if (box.firstElementChild !== null) this.sizes.unobserve(box.firstElementChild);
  }

  private readonly onScroll = (event: Event): void => this.markAt(event.currentTarget as Element);

  /** @param element a box or what is in it */
  private markAt(element: Element): void {
    const box = element.closest<HTMLElement>('.scroll');
    if (box?.parentElement == null) return;
    const rest = box.scrollWidth - box.clientWidth - box.scrollLeft;
    const more = [box.scrollLeft > 1 ? 'left' : '', rest > 1 ? 'right' : ''].filter(Boolean).join(' ');
    if (box.parentElement.dataset.more !== more) box.parentElement.dataset.more = more;
  }
}
