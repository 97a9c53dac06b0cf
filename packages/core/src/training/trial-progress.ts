import type { BegunEpoch, Checkpoint } from './checkpoint-file.ts';
import { Patience } from './patience.ts';

/** How far a trial is: all of a checkpoint that is neither weights nor of callbacks. */
export class TrialProgress {
  /** Steps whose loss was finite. */
  step = 0;
  lastCrossEntropy: number | null = null;
  /** Validation cross-entropy after the last epoch, and the lowest so far. */
  private validation = Number.POSITIVE_INFINITY;
  private bestValidation = Number.POSITIVE_INFINITY;
  /** Undefined where training goes to the last epoch anyway. */
  private readonly patience: Patience | undefined;

  /** @param limit Epochs without a lower validation cross-entropy after which training ends. */
  constructor(limit: number | undefined, resume?: Checkpoint) {
    this.patience = limit === undefined ? undefined : new Patience(limit, resume?.patience);
    if (resume === undefined) return;
    this.step = resume.step;
    this.lastCrossEntropy = resume.lastCrossEntropy;
    this.validation = resume.validation;
    this.bestValidation = resume.bestValidation;
  }

  get isOutOfPatience(): boolean {
    return this.patience?.isSpent ?? false;
  }

  stepDone(crossEntropy: number): void {
    this.step++;
    this.lastCrossEntropy = crossEntropy;
  }

  /** @param epoch 0 is the state before training, for which nobody has waited. */
  epochDone(epoch: number, validation: number): void {
    if (epoch > 0) this.patience?.add(validation);
    this.validation = validation;
    this.bestValidation = Math.min(this.bestValidation, validation);
  }

  checkpoint(epoch: number, begun?: BegunEpoch): Omit<Checkpoint, 'state' | 'callbacks' | 'isLast' | 'owner'> {
    const { step, lastCrossEntropy, validation, bestValidation, patience } = this;
    return {
      epoch,
      step,
      lastCrossEntropy,
      validation,
      bestValidation,
      ...(patience === undefined ? {} : { patience: patience.state }),
      ...(begun === undefined ? {} : { begun }),
    };
  }
}
