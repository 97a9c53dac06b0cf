import { isFinished, type SweepState, trialLabel } from '@l2bn/core/sweep';
import { articleFindings, formatFindings } from '../../report/findings.ts';
import { resultTable } from '../../report/result-table.ts';
import type { Outcome } from '../../schedule/coordinator.ts';
import { EXIT, exitCodeOfSignal } from '../exit-codes.ts';

/** What `run` says at its end of a sweep with at least one started trial. Data goes to stdout, everything else to stderr. */
export function reportOutcome(state: SweepState, outcome: Outcome, shownFolder: string): void {
  if (outcome.status !== 'broken') process.stdout.write(outcomeText(state, outcome, shownFolder));
}

/** Results, failures and where all of it is. */
export function outcomeText(state: SweepState, { status }: Outcome, shownFolder: string): string {
  const { plan, trials } = state;
  const failed = trials.flatMap((trial) => {
    const { id, failure } = trial;
    return failure === null ? [] : [`\nfailed: ${trialLabel(plan, trial)} (${id}): ${failure.error}\n`];
  });
  const next = status === 'stopped' ? '\nStopped. Run the same command to go on.' : '';
  return [
    // Stopped before anything came out: a table of dashes would say less than nothing.
    ...(trials.some((trial) => isFinished(trial.status)) ? [`\n${results(state)}\n`] : []),
    ...failed,
    `\nResults: ${shownFolder} (ledger.db, plan.json, sweep.log)${next}\n`,
  ].join('');
}

function results(state: SweepState): string {
  const findings = articleFindings(state);
  if (findings.length === 0) return resultTable(state);
  return `${resultTable(state)}\n\nThe article's findings in these numbers:\n${formatFindings(findings)}`;
}

/** The exit code that stands for how a sweep ended; `signal` is what stopped it, if one did. A complete one is complete. */
export function exitCodeOf({ counts }: SweepState, outcome: Outcome, signal: NodeJS.Signals | undefined): number {
  if (outcome.status === 'broken') return EXIT.environment;
  if (outcome.status === 'stopped' && signal !== undefined) return exitCodeOfSignal(signal);
  if (outcome.status === 'stopped' && counts.failed === 0) return EXIT.incomplete;
  return counts.failed > 0 ? EXIT.trialsFailed : EXIT.ok;
}
