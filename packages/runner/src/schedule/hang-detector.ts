/** Time between two looks, in ms. */
const TICK_MS = 1000;

/**
 * Notices running trials that say nothing any more. Counts ticks of its own timer and no clock: a laptop that slept, a
 * process that was stopped (SIGSTOP) or a clock that jumped make one tick, not an hour of silence.
 */
export class HangDetector {
  private readonly silence = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  /**
   * @param seconds Silence after which a trial counts as hung.
   * @param onHang Called once for a trial that hangs; it is then no longer watched.
   */
  constructor(seconds: number, onHang: (trial: string) => void) {
    const limit = (seconds * 1000) / TICK_MS;
    this.timer = setInterval(() => {
      for (const [trial, ticks] of this.silence) {
        if (ticks >= limit) {
          this.silence.delete(trial);
          onHang(trial);
        } else {
          this.silence.set(trial, ticks + 1);
        }
      }
    }, TICK_MS);
    this.timer.unref();
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
    clearInterval(this.timer);
  }
}
