const GIB = 2 ** 30;
/** What allocator and caches of a healthy host may keep over many trials, in bytes. */
const HEADROOM = GIB;
/** Growth above which a host has grown: as many times what its trials need. */
const FACTOR = 2;

/**
 * Tells when an engine host keeps memory of trials that have ended: the leak of a user's model or callback, for one.
 *
 * What counts is the growth since the host was ready, so data sets of any size do not. What a trial needs is the estimate,
 * or what the first round of trials takes where that is more: a large network of a user's own is no leak. As the first
 * round of every host is measured only, a host that is renewed gets at least that far, and what the next one needs at once
 * is what is allowed.
 */
export class HostMemory {
  private trialNeed: number;
  private baseline: number | undefined;
  private running = 0;
  private mostRunning = 0;
  private ended = 0;
  private isFirstRound = true;
  private isTooLarge = false;

  /** @param trialEstimate Memory that a trial should need at most, in bytes. */
  constructor(trialEstimate: number) {
    this.trialNeed = trialEstimate;
  }

  /** Whether the host is to be renewed as soon as nothing runs on it. */
  get hasGrown(): boolean {
    return this.isTooLarge;
  }

  /** A new host, which may take any memory until it is ready. */
  hostStarted(): void {
    this.baseline = undefined;
    this.running = 0;
    this.mostRunning = 0;
    this.ended = 0;
    this.isFirstRound = true;
    this.isTooLarge = false;
  }

  /** @param memory Resident memory in bytes, of everything that is there before the first trial. */
  hostReady(memory: number): void {
    this.baseline = memory;
  }

  trialStarted(): void {
    this.running++;
    // Never fewer again: what lanes have used that now stand idle, the allocator may keep.
    this.mostRunning = Math.max(this.mostRunning, this.running);
  }

  trialEnded(): void {
    this.running--;
    this.ended++;
  }

  /** @param memory Resident memory in bytes. */
  measured(memory: number): void {
    if (this.baseline === undefined || this.mostRunning === 0) return;
    const growth = memory - this.baseline;
    if (this.isFirstRound) {
      this.trialNeed = Math.max(this.trialNeed, growth / this.mostRunning);
      // Asked afterwards, so that trials shorter than the time between two messages are measured at least once.
      this.isFirstRound = this.ended < this.mostRunning;
      return;
    }
    this.isTooLarge ||= growth > HEADROOM + FACTOR * this.mostRunning * this.trialNeed;
  }
}
