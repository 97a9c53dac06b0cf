import { LitElement } from 'lit';
import type { SweepChange } from '../store/sweep-store.ts';
import type { PageModel } from './page-model.ts';

/**
 * A component that shows the sweep. Only the model's identity is a reactive property; what is in it reaches the
 * component through the hooks, which render anew (but for what is under the pointer, which few components show).
 */
export class ModelElement extends LitElement {
  static override properties = { model: { attribute: false } };
  declare model: PageModel;

  /** Shortest time between two renderings for new data, ms. Nobody reads numbers that change faster. */
  protected readonly refreshInterval: number = 200;
  private refreshTimer: ReturnType<typeof setTimeout> | undefined;
  private refreshedAt = 0;
  private attached: PageModel | null = null;

  protected onData(_change: SweepChange): void {
    const wait = this.refreshedAt + this.refreshInterval - performance.now();
    if (this.refreshTimer !== undefined) return;
    this.refreshTimer = setTimeout(
      () => {
        this.refreshTimer = undefined;
        this.refreshedAt = performance.now();
        this.requestUpdate();
      },
      Math.max(0, wait),
    );
  }

  protected onSelection(): void {
    this.requestUpdate();
  }

  /** What is under the pointer has changed, which it does many times a second. */
  protected onHover(): void {}

  protected onConnection(): void {
    this.requestUpdate();
  }

  /** Whether commands are taken has changed, or what came of one: few components care. */
  protected onControl(): void {}

  override connectedCallback(): void {
    super.connectedCallback();
    this.attach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.refreshTimer);
    this.refreshTimer = undefined;
    this.detach();
  }

  /** An element that the page holds from the start is upgraded before it gets its model. */
  protected override shouldUpdate(): boolean {
    return this.model !== undefined;
  }

  protected override willUpdate(): void {
    if (this.attached !== this.model) this.attach();
  }

  private attach(): void {
    this.detach();
    if (this.model === undefined || !this.isConnected) return;
    this.attached = this.model;
    this.model.store.addEventListener('change', this.hearData);
    this.model.selection.addEventListener('change', this.hearSelection);
    this.model.selection.addEventListener('hover', this.hearHover);
    this.model.connection.addEventListener('state', this.hearConnection);
    this.model.control.addEventListener('change', this.hearControl);
  }

  private detach(): void {
    this.attached?.store.removeEventListener('change', this.hearData);
    this.attached?.selection.removeEventListener('change', this.hearSelection);
    this.attached?.selection.removeEventListener('hover', this.hearHover);
    this.attached?.connection.removeEventListener('state', this.hearConnection);
    this.attached?.control.removeEventListener('change', this.hearControl);
    this.attached = null;
  }

  private readonly hearData = (event: Event): void => this.onData((event as CustomEvent<SweepChange>).detail);
  private readonly hearSelection = (): void => this.onSelection();
  private readonly hearHover = (): void => this.onHover();
  private readonly hearConnection = (): void => this.onConnection();
  private readonly hearControl = (): void => this.onControl();
}
