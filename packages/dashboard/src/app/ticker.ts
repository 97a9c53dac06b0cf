import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Renders its host once a second while `wanted()`: for countdowns and times that pass. */
export class Ticker implements ReactiveController {
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly host: ReactiveControllerHost;
  private readonly wanted: () => boolean;

  constructor(host: ReactiveControllerHost, wanted: () => boolean) {
    this.host = host;
    this.wanted = wanted;
    host.addController(this);
  }

  hostConnected(): void {
    this.timer = setInterval(() => {
      if (this.wanted()) this.host.requestUpdate();
    }, 1_000);
  }

  hostDisconnected(): void {
    clearInterval(this.timer);
  }
}
