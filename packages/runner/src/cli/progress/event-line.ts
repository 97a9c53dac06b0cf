import {
  type EpochRecord,
  formatNumber,
  formatPruning,
  formatWeights,
  type Metrics,
  type RecordedEvent,
  type SweepState,
  type TrialState,
  trialLabel,
  trialOf,
} from '@l2bn/core/sweep';
import { fixedNumber } from '../../report/fixed-number.ts';

const digits = (value: number | null, places: number): string => (value === null ? 'nan' : fixedNumber(value, places));

export const formatMetrics = ({ crossEntropy, penalty, accuracy }: Metrics): string =>
  `ce ${digits(crossEntropy, 4)} · penalty ${digits(penalty, 4)} · acc ${digits(accuracy, 3)}`;

/**
 * What a log says of an event, one entry a line; nothing of the single steps. An epoch has two: the metrics, and the first
 * weights as the article prints them.
 */
export function eventLines({ event }: RecordedEvent, state: SweepState): string[] {
  if (event.type === 'phase') return [event.detail ? `${event.phase}: ${event.detail}` : event.phase];
  const trial = trialOf(state, event.trial);
  if (trial === undefined) return [];
  const label = trialLabel(state.plan, trial);
  switch (event.type) {
    case 'leased':
    case 'steps':
    case 'checkpoint':
      return [];
    case 'started':
      return [`${label}: started on worker ${event.worker}, attempt ${event.attempt}, ${from(event)}`];
    case 'epoch': {
      const train = event.train === null ? '' : `${formatMetrics(event.train)} | `;
      const head = `${label}: epoch ${event.epoch}/${epochsOf(trial)}`;
      return [
        `${head}  ${train}validation ${formatMetrics(event.validation)}`,
        `${head}  ${formatWeights(event.weights)}`,
      ];
    }
    case 'done':
      return [
        `${label}: done after ${event.step} steps${event.step < trial.totalSteps ? `, ${beforeTime(trial)}` : ''}`,
      ];
    case 'diverged': {
      const last =
        event.lastCrossEntropy === null ? '' : `, last finite cross-entropy ${formatNumber(event.lastCrossEntropy)}`;
      return [`${label}: diverged at step ${event.step}${last}`];
    }
    case 'failed':
      return [`${label}: FAILED: ${event.error}`];
    case 'checkpointFailed':
      return [`${label}: no checkpoint of epoch ${event.epoch}: ${event.error}`];
    case 'pruned':
      return [`${label}: pruned after epoch ${event.epoch}: ${formatPruning(event)}`];
    case 'cancelled':
      return [`${label}: cancelled`];
    case 'requeued':
      return [`${label}: put back`];
    case 'interrupted':
      return [`${label}: interrupted: ${event.reason}`];
  }
}

/** Why a trial is done before its last step. */
const beforeTime = ({ epochs, totalSteps }: TrialState): string =>
  `of ${totalSteps}: the best validation cross-entropy was that of epoch ${bestEpoch(epochs)}`;

const bestEpoch = (epochs: EpochRecord[]): number =>
  epochs.filter(({ epoch }) => epoch > 0).reduce((best, record) => (loss(record) < loss(best) ? record : best)).epoch;

const loss = ({ validation }: EpochRecord): number => validation.crossEntropy ?? Number.POSITIVE_INFINITY;

const from = ({
  resumed,
  totalSteps,
}: {
  resumed: { epoch: number; step: number } | null;
  totalSteps: number;
}): string =>
  resumed === null
    ? `${totalSteps} steps`
    : `from step ${resumed.step} of ${totalSteps} (checkpoint of epoch ${resumed.epoch})`;

const epochsOf = ({ totalSteps, stepsPerEpoch }: { totalSteps: number; stepsPerEpoch: number }): number =>
  stepsPerEpoch === 0 ? 0 : totalSteps / stepsPerEpoch;
