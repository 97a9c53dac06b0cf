import { cellOf, type SweepPlan, type TrialState, trialLabel } from '@l2bn/core/sweep';
import { endingWithReason } from '../wording/ending.ts';
import { decayNote } from '../wording/strength-note.ts';

/** Curves under another one that its tooltip names. */
const MOST_NAMED = 4;

/**
 * What the tooltip of a curve says: which it is, the value at the cursor, what λ alone does, how the trial ended, and which
 * curves cannot be seen because this one lies on them, or it on theirs.
 *
 * @param coinciding trials of the curves that lie on each other, its own among them; empty when it lies alone
 */
export function curveTip(
  plan: SweepPlan,
  trial: TrialState,
  value: string,
  coinciding: readonly TrialState[],
): HTMLElement[] {
  const cell = cellOf(plan, trial.cell);
  const decay = cell === undefined || !plan.axes.some(({ key }) => key === 'l2') ? '' : decayNote(cell.config);
  const others = coinciding.filter((other) => other !== trial);
  const named = others.slice(0, MOST_NAMED).map((other) => trialLabel(plan, other));
  const rest = others.length - named.length;
  const lines = [
    decay === '' ? '' : `the penalty alone: ${decay}`,
    earlyEnd(trial),
    others.length === 0 ? '' : `${coinciding.length} curves coincide here, also:`,
    ...named,
    rest > 0 ? `and ${rest} more` : '',
  ].filter(Boolean);
  return [element('b', trialLabel(plan, trial)), document.createElement('br'), element('span', value)].concat(
    lines.map((line) => element('div', line)),
  );
}

/** The same for listeners, who have the name of one curve at a time. */
export const curveSpeech = (
  plan: SweepPlan,
  trial: TrialState,
  value: string,
  coinciding: readonly TrialState[],
): string =>
  [
    `${trialLabel(plan, trial)}, ${value}`,
    earlyEnd(trial),
    coinciding.length === 0 ? '' : `${coinciding.length} curves coincide here`,
  ]
    .filter(Boolean)
    .join('; ');

const earlyEnd = (trial: TrialState): string =>
  trial.status === 'diverged' || trial.status === 'pruned' ? endingWithReason(trial) : '';

function element(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
