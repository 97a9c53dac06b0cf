import { formatDuration, type ServerFacts, type SweepPhase } from '@l2bn/core/sweep';
import type { ConnectionState } from '../connection/connection-state.ts';
import { plural } from '../wording/format.ts';
import { resumeCommand } from '../wording/resume-command.ts';

export interface Words {
  /** How the state is marked beside its words. */
  tone: 'ok' | 'busy' | 'warn' | 'bad';
  /** A few words for the chip. */
  chip: string;
  /** What the user should know or do; empty when there is nothing. */
  notice: string;
  /** Whether trying again at once makes sense, or only loading the page anew. */
  action: 'retry' | 'reload' | null;
}

const FINAL = 'The server has ended, and so had the sweep: what is shown is final.';

const countdown = (retryAt: number | null, now: number): string =>
  retryAt === null ? 'connecting …' : `next try in ${Math.max(0, Math.ceil((retryAt - now) / 1000))} s`;

export interface WordsContext {
  /** The sweep's last known one. */
  phase: SweepPhase | null;
  /** The page's clock. */
  now: number;
  /** What the server has last said of itself. */
  facts: ServerFacts | null;
}

/** Why l2bn has ended, and what goes on with the sweep where the reason does not say it. */
function endedNotice(reason: string | null, facts: ServerFacts | null): string {
  const why =
    reason === null
      ? 'l2bn has ended before the sweep was finished; the terminal says why'
      : `l2bn has ended: ${reason}`;
  const command = facts?.resumeCommand;
  if (command !== undefined && reason?.includes(command)) return `${why}.`;
  return `${why}. No result is lost: ${resumeCommand(facts)} goes on from the ledger.`;
}

/** A connection state in words. */
export function connectionWords(state: ConnectionState, { phase, now, facts }: WordsContext): Words {
  const plain = (tone: Words['tone'], chip: string): Words => ({ tone, chip, notice: '', action: null });
  const over = phase === 'finished' || phase === 'stopped';
  switch (state.kind) {
    case 'connecting':
      return plain('busy', 'connecting');
    case 'loading':
      return plain('busy', 'loading');
    case 'live':
      return plain('ok', state.caughtUp > 0 ? `live · caught up ${plural(state.caughtUp, 'event')}` : 'live');
    case 'stale': {
      const silence = formatDuration(now - state.since);
      return {
        tone: 'warn',
        chip: `silent for ${silence}`,
        notice: `Nothing came from the server for ${silence}. What is shown may be out of date.`,
        action: null,
      };
    }
    case 'reconnecting':
      if (over) return { ...plain('busy', 'server ended'), notice: FINAL, action: 'retry' };
      return {
        tone: 'warn',
        chip: 'reconnecting',
        notice: `Connection lost; ${countdown(state.retryAt, now)}. What is shown is kept and will catch up.`,
        action: 'retry',
      };
    case 'gone': {
      const reason = state.ended?.reason ?? null;
      if (over && reason === null) return { ...plain('busy', 'server ended'), notice: FINAL, action: 'retry' };
      if (state.ended !== undefined) {
        return { tone: 'bad', chip: 'server ended', notice: endedNotice(reason, facts), action: 'retry' };
      }
      return {
        tone: 'bad',
        chip: 'server gone',
        notice: `The server has not answered for ${formatDuration(now - state.since)}; ${countdown(state.retryAt, now)}. No result is lost: ${resumeCommand(facts)} goes on from the ledger.`,
        action: 'retry',
      };
    }
    case 'unauthorised':
      return {
        tone: 'bad',
        chip: 'not authorised',
        notice:
          phase === null
            ? ''
            : 'The server wants its key, which is another one after a restart: open the link that l2bn printed in the terminal. What is shown is from before.',
        action: null,
      };
    case 'mismatch':
      return {
        tone: 'bad',
        chip: 'other version',
        notice: 'The server speaks another version of the live protocol than this page. Reload the page.',
        action: 'reload',
      };
  }
}
