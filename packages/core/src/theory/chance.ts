import type { ValidationSet } from '../sweep/events.ts';

/**
 * How far above chance an accuracy has to be, in standard deviations of one that is due to chance: by luck alone one network in
 * 740 gets there.
 */
const CHANCE_DEVIATIONS = 3;
/** The factor above 1 / classes that stands in for it where it is not known how many images an accuracy was measured on. */
const CHANCE_FACTOR = 1.5;

/** What an accuracy was measured on. */
export interface Task {
  /** Number of classes. */
  classes: number;
  /** `null` in ledgers that do not have it. */
  validationSet: ValidationSet | null;
}

/** What an accuracy says of a network; see `skillOf`. */
export type Skill = 'at chance' | 'above chance' | 'learned';

/**
 * Accuracy of the best network that does not look at the images: it always names the commonest class. With classes of one size
 * that is 1 / classes, which also stands in where the sizes are not known.
 */
export const chanceOf = ({ classes, validationSet }: Task): number =>
  validationSet === null ? 1 / classes : validationSet.largestClass / validationSet.images;

/**
 * What a network with this validation accuracy can do: the one rule of tables and findings.
 *
 * Chance p is not beaten up to p + 3·√(p(1−p)/m), with m validation images: an accuracy is a count of right answers, so one that
 * is due to chance scatters binomially about p. More than half way from p to 1 is `learned`, what lies between `above chance`.
 *
 * @param accuracy 0…1, of one network, or a mean over seeds. Seeds share their validation images, so their luck with these is
 *   one and the same and no mean over them has less of it: the bound is that of a single network.
 */
export function skillOf(accuracy: number, task: Task): Skill {
  if (isWithinChance(accuracy, task)) return 'at chance';
  return accuracy > (1 + chanceOf(task)) / 2 ? 'learned' : 'above chance';
}

function isWithinChance(accuracy: number, task: Task): boolean {
  const chance = chanceOf(task);
  if (task.validationSet === null) return accuracy < CHANCE_FACTOR * chance;
  return accuracy <= chance + CHANCE_DEVIATIONS * Math.sqrt((chance * (1 - chance)) / task.validationSet.images);
}
