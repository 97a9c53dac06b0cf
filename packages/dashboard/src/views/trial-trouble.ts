import { formatPruning, isFinished, type TrialState } from '@l2bn/core/sweep';
import { html, type TemplateResult } from 'lit';
import { METRICS } from '../store/metrics.ts';
import { checkpointTroubleOf } from '../wording/checkpoint-trouble.ts';
import { formatCount } from '../wording/format.ts';

/** What went another way than planned with a trial, one box each, what ended it first. */
export const trialTrouble = (trial: TrialState): TemplateResult[] =>
  [failure, divergence, pruning, interruption, checkpoint].flatMap((box) => box(trial) ?? []);

type Box = (trial: TrialState) => TemplateResult | undefined;

const failure: Box = ({ failure: found, attempt }) =>
  found === null
    ? undefined
    : html`<div class="trouble" role="group" aria-label="Failure">
        <b>Failed in attempt ${attempt}</b>
        <p>${found.error}</p>
        <details><summary>Stack</summary><pre>${found.stack}</pre></details>
      </div>`;

const divergence: Box = ({ divergence: found }) =>
  found === null
    ? undefined
    : html`<div class="trouble" role="group" aria-label="Divergence">
        <b>Diverged at step ${formatCount(found.step)}</b>
        <p>
          The loss stopped being finite there; the last finite cross-entropy was
          ${METRICS.trainCrossEntropy.format(found.lastCrossEntropy)}. This is a result, not a failure: it is counted, and left out of means.
        </p>
      </div>`;

const pruning: Box = ({ pruning: found, status }) =>
  found === null
    ? undefined
    : html`<div class="trouble pruned" role="group" aria-label="Pruning">
        <b>${status === 'pruned' ? 'Pruned' : 'Was pruned'} after epoch ${found.epoch}</b>
        <p>
          ${formatPruning(found)}. ${
            status === 'pruned'
              ? 'A censored result: what it would have come to is not known, so it is counted and left out of means. The numbers below are those at that epoch.'
              : 'It was put back, to run to its end.'
          }
        </p>
      </div>`;

const interruption: Box = ({ status }) =>
  status === 'interrupted'
    ? html`<div class="trouble mild"><b>Interrupted</b><p>Its worker ended or was stopped; the trial will be tried again.</p></div>`
    : undefined;

const checkpoint: Box = (trial) => {
  const text = checkpointTroubleOf(trial);
  if (text === '' || isFinished(trial.status)) return undefined;
  return html`<div class="trouble mild" role="group" aria-label="Checkpoint">
    <b>${text.charAt(0).toUpperCase()}${text.slice(1)}</b>
    <p>Training goes on. After an interruption it would go on from the last checkpoint and do again what came since.</p>
  </div>`;
};
