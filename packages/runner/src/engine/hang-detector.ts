/** Time between two looks, in ms. */
const TICK_MS = 1000;

/** Calls back again and again, at `TICK_MS`; what it returns ends that. */
export type Ticker = (tick: () => void) => () => void;

const everySecond: Ticker = (tick) => {
  const timer = setInterval(tick, TICK_MS);
  timer.unref();
  return () => clearInterval(timer);
};

/**
 * Notices running trials that say nothing any more. Counts ticks of its own timer and no clock: a laptop that slept, a
 * process that was stopped (SIGSTOP) or a clock that jumped make one tick, not an hour of silence.
 */
export class HangDetector {
  private readonly silence = new Map<string, number>();
  /** Ticks that a trial may be silent. */
  private readonly limit: number;
  private readonly onHang: (trial: string) => void;
  private readonly endTicking: () => void;

  /**
   * @param seconds Silence after which a trial counts as hung.
   * @param onHang Called once for a trial that hangs; it is then no longer watched.
   */
  constructor(seconds: number, onHang: (trial: string) => void, ticker: Ticker = everySecond) {
    this.limit = (seconds * 1000) / TICK_MS;
    this.onHang = onHang;
    this.endTicking = ticker(() => this.look());
  }

  /** The trial runs, or has just said something. */
  heard(trial: string): void {
    this.silence.set(trial, 0);
  }

  /** The trial no longer runs. */
  forget(trial: string): void {
    this.silence.delete(trial);
  }

  stop(): void {
    this.endTicking();
  }

  private look(): void {
    for (const [trial, ticks] of this.silence) {
      if (ticks >= this.limit) {
        this.silence.delete(trial);
        this.onHang(trial);
      } else {
        this.silence.set(trial, ticks + 1);
      }
    }
  }
}
