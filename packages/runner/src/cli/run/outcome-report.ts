import { isFinished, type SweepState, trialLabel } from '@l2bn/core/sweep';
import type { Outcome } from '../../schedule/sweep-ending.ts';
import { mendedModelAdvice } from '../advice/edited-model.ts';
import { repeatCommand } from '../advice/repeat-command.ts';
import { resumeCommand, retryCommand, wideTableCommand } from '../advice/resume-command.ts';
import { EXIT, exitCodeOfSignal } from '../exit-codes.ts';
import { mixedNotes } from '../output/mixed-models.ts';
import { resultTexts } from '../output/result-text.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { shownFolder } from '../target/sweep-folder.ts';
import { readSource } from '../target/sweep-source.ts';

/** Failed trials that are named with the command that runs each again alone. */
const SHOWN_FAILURES = 6;

/** What `run` says at its end of a sweep with at least one started trial. Data goes to stdout, everything else to stderr. */
export function reportOutcome(state: SweepState, outcome: Outcome, folder: string): void {
  if (outcome.status !== 'broken') {
    process.stdout.write(outcomeText(state, outcome, folder, terminalWidth(process.stdout)));
  }
}

/**
 * Results, failures, where all of it is, and the commands that go on with it.
 *
 * @param width Of the terminal, in characters; infinite for all columns of the results.
 */
export function outcomeText(
  state: SweepState,
  { status }: Outcome,
  folder: string,
  width = Number.POSITIVE_INFINITY,
): string {
  const mended = mendedModelAdvice(state, folder);
  return [
    // Stopped before anything came out: a table of dashes would say less than nothing.
    ...(state.trials.some((trial) => isFinished(trial.status)) ? [`\n${results(state, folder, width)}\n`] : []),
    ...mixedNotes(folder, state).map((note) => `\n${note}`),
    ...failures(state, folder),
    `\nResults: ${shownFolder(folder)} (ledger.db, plan.json, sweep.log)\n`,
    ...(status === 'stopped' ? [`Stopped${reasonOf(state)}. To go on: ${resumeCommand(folder)}\n`] : []),
    ...(state.counts.failed > 0
      ? [`Once mended: ${retryCommand(folder)} puts back what failed, ${resumeCommand(folder)} then runs it.\n`]
      : []),
    ...(mended === undefined ? [] : [`${mended}\n`]),
  ].join('');
}

function failures({ plan, trials }: SweepState, folder: string): string[] {
  const failed = trials.flatMap((trial) => (trial.failure === null ? [] : [{ trial, error: trial.failure.error }]));
  const source = readSource(folder);
  const left = failed.length - SHOWN_FAILURES;
  return [
    ...failed
      .slice(0, SHOWN_FAILURES)
      .map(
        ({ trial, error }) =>
          `\nfailed: ${trialLabel(plan, trial)} (${trial.id}): ${error}\n  again: ${repeatCommand(plan, trial, source)}\n`,
      ),
    ...(left > 0 ? [`\n… and ${left} more failed (l2bn status --json lists all)\n`] : []),
  ];
}

/** ` after 1 failure (--on-failure)`, where the sweep says why, and not somebody who has asked for it. */
const reasonOf = ({ phase, detail }: SweepState): string => (phase === 'stopped' && detail !== '' ? ` ${detail}` : '');

function results(state: SweepState, folder: string, width: number): string {
  const { table, findings } = resultTexts(state, width, wideTableCommand(folder));
  return findings === '' ? table : `${table}\n\nThe article's findings in these numbers:\n${findings}`;
}

/** The exit code that stands for how a sweep ended; `signal` is what stopped it, if one did. A complete one is complete. */
export function exitCodeOf({ counts }: SweepState, outcome: Outcome, signal: NodeJS.Signals | undefined): number {
  if (outcome.status === 'broken') return EXIT.environment;
  if (outcome.status === 'stopped' && signal !== undefined) return exitCodeOfSignal(signal);
  if (outcome.status === 'stopped' && counts.failed === 0) return EXIT.incomplete;
  return counts.failed > 0 ? EXIT.trialsFailed : EXIT.ok;
}
