import {
  type ControlCommand,
  type ControlReply,
  canRequeue,
  type SweepPhase,
  type TrialStatus,
} from '@l2bn/core/sweep';
import { HEALTH_PATH } from './connection-options.ts';

const CONTROL_PATH = 'api/control';

/** Commands that a sweep in this phase takes. One that is ending takes none; one whose page stays up after its end goes on with what is put back. */
export function commandsOf(phase: SweepPhase): ReadonlySet<ControlCommand['do']> {
  switch (phase) {
    case 'preparing':
    case 'running':
      return new Set(['pause', 'stop', 'cancel', 'retry', 'workers']);
    case 'paused':
      return new Set(['resume', 'stop', 'cancel', 'retry', 'workers']);
    case 'finished':
      return new Set(['retry']);
    default:
      return new Set();
  }
}

/** A result is not run again; the page asks for one trial at a time, by its id. */
export const canRetry = (status: TrialStatus): boolean => canRequeue(status, true);

/**
 * Asks the server to pause, stop, cancel and the like, where it was started for it. Emits `change` whenever a property
 * does.
 */
export class SweepControl extends EventTarget {
  private readonly base: string;
  private readonly fetch: typeof fetch;
  private isAllowed = false;
  private asked = 0;
  private waiting: ControlCommand | null = null;
  private answer: (ControlReply & { command: ControlCommand }) | null = null;

  constructor(base: string, send: typeof fetch = (input, init) => fetch(input, init)) {
    super();
    this.base = base;
    this.fetch = send;
  }

  /** Whether the server was started with `--allow-control`. */
  get allowed(): boolean {
    return this.isAllowed;
  }

  /** The command that has no answer yet. */
  get pending(): ControlCommand | null {
    return this.waiting;
  }

  /** What came of the last command, and which it was. */
  get reply(): (ControlReply & { command: ControlCommand }) | null {
    return this.answer;
  }

  /** Asks the server anew whether it takes commands: after every connection, for it may be another server. */
  async refresh(): Promise<void> {
    const question = ++this.asked;
    let allowed = false;
    try {
      const response = await this.fetch(new URL(HEALTH_PATH, this.base));
      allowed = response.ok && ((await response.json()) as { control?: boolean }).control === true;
    } catch {
      // Not reachable: the page says so elsewhere, and buttons would do nothing.
    }
    if (question !== this.asked || allowed === this.isAllowed) return;
    this.isAllowed = allowed;
    this.announce();
  }

  /** Sends one command; a second one has to wait for the answer to the first, so that no answer is taken for another's. */
  async send(command: ControlCommand): Promise<void> {
    if (this.waiting !== null) return;
    this.waiting = command;
    this.announce();
    this.answer = { ...(await this.ask(command)), command };
    this.waiting = null;
    this.announce();
  }

  private async ask(command: ControlCommand): Promise<ControlReply> {
    try {
      const response = await this.fetch(new URL(CONTROL_PATH, this.base), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(command),
      });
      const body = (await response.json()) as Partial<ControlReply> & { error?: string };
      return { ok: response.ok && body.ok === true, text: body.text ?? body.error ?? `HTTP ${response.status}` };
    } catch {
      return { ok: false, text: 'the server does not answer; nothing is known of the command' };
    }
  }

  private announce(): void {
    this.dispatchEvent(new Event('change'));
  }
}
