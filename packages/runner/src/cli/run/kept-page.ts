import type { ControlCommand, ControlReply } from '@l2bn/core/sweep';
import { deferred } from '../../engine/deferred.ts';
import type { Coordinator } from '../../schedule/coordinator.ts';
import { onStopSignals } from '../process/stop-signals.ts';

/** What ends the time that a page stays up after its sweep: somebody leaves it, or trials were put back. */
export type EndOfStay = 'left' | 'again';

/** The page of a sweep that has ended: it stays for those who look at it, and its sweep can go on. */
export class KeptPage {
  private readonly coordinator: Pick<Coordinator, 'putBack'>;
  private readonly end = deferred<EndOfStay>();
  private isLeft = false;

  constructor(coordinator: Pick<Coordinator, 'putBack'>) {
    this.coordinator = coordinator;
  }

  /** Until Ctrl-C, `l2bn stop` or `l2bn retry`. */
  async stay(link: string): Promise<EndOfStay> {
    process.stderr.write(`\nThe page stays at ${link} until Ctrl-C.\n`);
    const leave = () => this.leave();
    const signals = onStopSignals({ first: leave, second: leave });
    try {
      return await this.end.promise;
    } finally {
      // From here on the next Ctrl-C ends the process, whatever still closes.
      signals.dispose();
    }
  }

  /** What can be asked of a sweep that has ended. */
  control(command: ControlCommand): ControlReply {
    switch (command.do) {
      case 'stop':
        this.leave();
        return { ok: true, text: `the sweep has ended; the page that stayed up is closed (pid ${process.pid})` };
      case 'retry':
        return this.putBack(command.trial);
      default:
        return {
          ok: false,
          text: `the sweep has ended; only its page is still up (pid ${process.pid}), until l2bn stop or Ctrl-C there`,
        };
    }
  }

  private leave(): void {
    this.isLeft = true;
    this.end.resolve('left');
  }

  private putBack(trial: string | null): ControlReply {
    // What closes now would not run it.
    if (this.isLeft) return { ok: false, text: 'the page is being closed; try again' };
    const reply = this.coordinator.putBack(trial);
    if (!reply.ok) return reply;
    this.end.resolve('again');
    return { ok: true, text: `${reply.text}; the process that kept the page up goes on (pid ${process.pid})` };
  }
}
