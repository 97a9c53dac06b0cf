type Timer = ReturnType<typeof setTimeout>;

export interface SilenceOptions {
  /** Silence after which `onStale` is called, and after which `onGivenUp` is, ms. */
  staleAfter: number;
  giveUpAfter: number;
  /** `since` is when the last word came, by the page's clock. */
  onStale: (since: number) => void;
  onGivenUp: () => void;
}

/** Tells a quiet server, which sends heartbeats, from a connection that has died without being closed. */
export class SilenceWatch {
  private readonly options: SilenceOptions;
  private timer: Timer | undefined;

  constructor(options: SilenceOptions) {
    this.options = options;
  }

  /** Something came: the silence begins anew. */
  hear(): void {
    const { staleAfter, giveUpAfter, onStale, onGivenUp } = this.options;
    const since = Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = setTimeout(onGivenUp, Math.max(0, giveUpAfter - staleAfter));
      onStale(since);
    }, staleAfter);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
