import type { SweepEvent } from '@l2bn/core/sweep';
import type { Command } from '../support/command.ts';
import { onPrinted } from '../support/recorded.ts';

/**
 * Which trials a coordinator runs, from what it prints, and which of them a dead host has set back. A trial that three dead
 * hosts in a row find at the same place is given up, as it should be; chaos is not to bring that about.
 */
export class RunningTrials {
  private readonly running = new Set<string>();
  private readonly setBack = new Set<string>();

  constructor(run: Command) {
    onPrinted(run, ({ event }) => this.take(event));
  }

  get ids(): string[] {
    return [...this.running];
  }

  /** Whether every trial has got further since the last host died. */
  get hostMayDie(): boolean {
    return this.setBack.size === 0;
  }

  hostDied(): void {
    for (const trial of this.running) this.setBack.add(trial);
  }

  private take(event: SweepEvent): void {
    if (event.type === 'phase') return;
    if (event.type === 'leased') this.running.add(event.trial);
    else if (event.type === 'checkpoint') this.setBack.delete(event.trial);
    else if (event.type === 'done') {
      this.running.delete(event.trial);
      this.setBack.delete(event.trial);
    } else if (event.type === 'interrupted') this.running.delete(event.trial);
  }
}
