import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { onThemeChange } from './theme.ts';

/** Renders its host anew after every change of the theme: for what is drawn in colours that are read, not inherited. */
export class ThemeController implements ReactiveController {
  private life = new AbortController();
  private readonly host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.life = new AbortController();
    onThemeChange(() => this.host.requestUpdate(), this.life.signal);
  }

  hostDisconnected(): void {
    this.life.abort();
  }
}
