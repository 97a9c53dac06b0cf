import { setTimeout as sleep } from 'node:timers/promises';
import { type Deferred, deferred } from './deferred.ts';
import { type Hang, writeHangFile } from './hang-file.ts';
import type { HostProcess } from './host-process.ts';
import type { FromHostOf } from './messages.ts';

/** Time that a host on which a trial hangs lives on at most, in ms, for a record of what it does. */
const GRACE_MS = 2_000;
/** Part of it in which the host can answer. */
const REPORT_MS = 1_500;

/**
 * A host on which a trial hangs. It is killed within two seconds, whatever happens; before that, what it does is written
 * into the folder of results, if that can be done.
 */
export class HungHost {
  /** Why it is killed, and where to read more as soon as that is written. */
  sentence: string;
  private readonly host: HostProcess;
  /** Trials by the system's id of their thread, as far as the host has told. */
  private readonly trialOf = new Map<number, string>();
  private readonly report: Deferred<FromHostOf<'report'>> = deferred();

  constructor(host: HostProcess, pid: number, hang: Hang, folder: string) {
    this.host = host;
    this.sentence = `killed, because ${hang.trial} said nothing for ${hang.seconds} s`;
    // Where nobody asks for the report any more, nobody minds that there is none.
    this.report.promise.catch(() => {});
    const deadline = setTimeout(() => host.kill(), GRACE_MS);
    writeHangFile({ hang, folder, pid, ask: () => this.askForReport(), trialOf: this.trialOf })
      .then((file) => {
        this.sentence += `, see ${file}`;
      })
      // The disk is full, or the folder is gone.
      .catch(() => {})
      .finally(() => {
        clearTimeout(deadline);
        host.kill();
      });
  }

  toldThreads({ threads }: FromHostOf<'threads'>): void {
    for (const { trial, id } of threads) this.trialOf.set(id, trial);
  }

  reported(report: FromHostOf<'report'>): void {
    this.report.resolve(report);
  }

  /** It has ended by itself or was killed: there will be no report. */
  ended(): void {
    this.report.reject(new Error('the host has ended'));
  }

  private async askForReport(): Promise<FromHostOf<'report'> | null> {
    this.host.send({ type: 'report' });
    return Promise.race([this.report.promise, sleep(REPORT_MS, null, { ref: false })]);
  }
}
