import { type Cell, cellLabel, type SweepState, type TrialState } from '@l2bn/core/sweep';
import { chanceOf, pureDecayAfter, pureDecayReach, type Skill, skillOf } from '@l2bn/core/theory';

/** What a cell's trials came to; means over its seeds unless said otherwise. */
export interface CellSummary {
  cell: Cell;
  label: string;
  /** Trials with final metrics, of all trials of the cell. */
  n: number;
  planned: number;
  diverged: number;
  /** Ended early by a rule: in no mean, as nobody knows what they would have come to. */
  pruned: number;
  failed: number;
  /** After the last epoch. */
  validation: { accuracy: number; crossEntropy: number; penalty: number };
  /** Validation accuracy after each trial's best epoch. */
  bestAccuracy: number;
  /** What the mean accuracy says of the networks, `skillOf`; `null` while there is none. */
  skill: Skill | null;
  /** Accuracy of a network that does not look at the images, `chanceOf`, 0…1; `null` as above. */
  chance: number | null;
  steps: number;
  weights: {
    layer: string;
    /** ‖w‖₂ before the first and after the last step. */
    startNorm: number;
    endNorm: number;
    /** Mean |w| of the first ten values after the last step. */
    meanAbsolute: number;
    /** (1 − 2ηc)^T: what the norm would be multiplied by if only the penalty acted; NaN where `isPureDecayKnown` says no. */
    pureDecay: number;
    /** Whether nothing but the penalty moved the whole kernel, in every trial and epoch: `pureDecayReach` of each. */
    onlyDecay: boolean;
    /** Whether all printed weights are as at the start, to the bit. */
    unchanged: boolean;
  };
}

export function summarizeCells(state: SweepState): CellSummary[] {
  const byCell = new Map<string, TrialState[]>(state.plan.cells.map(({ id }) => [id, []]));
  for (const trial of state.trials) byCell.get(trial.cell)?.push(trial);
  return state.plan.cells.map((cell) => {
    const trials = byCell.get(cell.id) ?? [];
    const measured = trials.filter(({ status, epochs }) => status === 'done' && epochs.length > 0);
    const mean = (value: (trial: TrialState) => number): number =>
      measured.reduce((sum, trial) => sum + value(trial), 0) / measured.length;
    const last = (trial: TrialState) => trial.epochs.at(-1)!;
    const first = (trial: TrialState) => trial.epochs[0]!;
    const steps = mean(({ step }) => step);
    const accuracy = mean((trial) => number(last(trial).validation.accuracy));
    // Trials of a cell share their images; those that an older version has trained do not say how many these are.
    const task = measured.find(({ validationSet }) => validationSet !== null) ?? measured[0];
    // By each trial's own steps: patience ends the trials of a cell after different epochs.
    const pureDecayOf = ({ step }: TrialState) => pureDecayAfter(cell.config, step) ?? Number.NaN;
    return {
      cell,
      label: cellLabel(state.plan, cell),
      n: measured.length,
      planned: trials.length,
      diverged: trials.filter(({ status }) => status === 'diverged').length,
      pruned: trials.filter(({ status }) => status === 'pruned').length,
      failed: trials.filter(({ status }) => status === 'failed').length,
      validation: {
        accuracy,
        crossEntropy: mean((trial) => number(last(trial).validation.crossEntropy)),
        penalty: mean((trial) => number(last(trial).validation.penalty)),
      },
      bestAccuracy: mean(({ epochs }) => Math.max(...epochs.map(({ validation }) => number(validation.accuracy)))),
      skill: task === undefined ? null : skillOf(accuracy, task),
      chance: task === undefined ? null : chanceOf(task),
      steps,
      weights: {
        layer: measured[0] === undefined ? '' : first(measured[0]).weights.layer,
        startNorm: mean((trial) => number(first(trial).weights.norm)),
        endNorm: mean((trial) => number(last(trial).weights.norm)),
        meanAbsolute: mean((trial) => meanAbsolute(last(trial).weights.values)),
        pureDecay: mean(pureDecayOf),
        onlyDecay: measured.every(({ epochs }) => pureDecayReach(epochs, cell.config) === 'kernel'),
        unchanged: measured.every((trial) => sameValues(first(trial).weights.values, last(trial).weights.values)),
      },
    };
  });
}

const number = (value: number | null): number => value ?? Number.NaN;

const meanAbsolute = (values: (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + Math.abs(number(value)), 0) / values.length;

const sameValues = (a: (number | null)[], b: (number | null)[]): boolean => a.every((value, i) => value === b[i]);
