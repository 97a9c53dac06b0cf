import { type Cell, describe, InputError } from '@l2bn/core/sweep';
import { problemAt, throwAll } from './check-factors.ts';
import { COMMAND_LINE } from './contradictions.ts';
import { knownKeys, suggestKey } from './known-keys.ts';
import type { SourceText } from './source-text.ts';
import type { SweepFile } from './sweep-file.ts';

/** Arms are told apart by keys of the configuration; a misspelt one would put all trials into one arm. */
export function checkPruning({ pruning }: SweepFile, source: SourceText): void {
  const known = knownKeys('axes');
  throwAll(
    (pruning?.within ?? []).flatMap((key, index) =>
      known.includes(key)
        ? []
        : [
            {
              ...problemAt(['pruning', 'within', index], source),
              got: `the unknown key ${describe(key)}`,
              want: suggestKey(key, 'axes'),
            },
          ],
    ),
  );
}

/** A rule that no trial lives to see would promise time that is never saved. */
export function checkPruningEpochs({ pruning }: SweepFile, cells: readonly Cell[], source: SourceText): void {
  if (pruning === undefined) return;
  const [key, first] =
    pruning.rule === 'asha' ? ['minEpochs', pruning.minEpochs] : ['warmupEpochs', pruning.warmupEpochs];
  const most = Math.max(...cells.map(({ config }) => config.epochs));
  if (first < most || leavesIdle(source)) return;
  if (most === 1) {
    const got = 'a rule for trials of 1 epoch';
    throw new InputError({ ...problemAt(['pruning'], source), got, want: 'no pruning, or more epochs' });
  }
  throw new InputError({
    ...problemAt(['pruning', key], source),
    got: `${first}, of ${most} epochs at most`,
    want: `a number < ${most}: nobody is judged at the last epoch`,
  });
}

/** A quick try with few epochs, `epochs=1`, is no error: what a word leaves without an object is let go. */
const leavesIdle = ({ locate }: SourceText): boolean =>
  locate(['pruning']) !== COMMAND_LINE &&
  [
    ['config', 'epochs'],
    ['axes', 'epochs'],
  ].some((path) => locate(path) === COMMAND_LINE);
