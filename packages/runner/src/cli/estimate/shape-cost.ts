/** What training takes for one shape of step, in ms, as measured beside as many others as will run at the same time. */
export interface ShapeCost {
  /** Everything before the first validation batch, in a thread that has not compiled this shape before. */
  first: number;
  /** The same in one that has: building the model and filling its weights in. */
  setup: number;
  /** A training step. */
  step: number;
  /** A validation batch. */
  evaluate: number;
  /** End of an epoch: the checkpoint. */
  epochEnd: number;
}

/** A cost made part by part. */
export const eachPart = (timeOf: (part: keyof ShapeCost) => number): ShapeCost => ({
  first: timeOf('first'),
  setup: timeOf('setup'),
  step: timeOf('step'),
  evaluate: timeOf('evaluate'),
  epochEnd: timeOf('epochEnd'),
});
