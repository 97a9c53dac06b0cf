/** The learning rate of a step, 0-based over the whole trial. */
export type LearningRateSchedule = (step: number) => number;

export const constantLearningRate =
  (learningRate: number): LearningRateSchedule =>
  () =>
    learningRate;
