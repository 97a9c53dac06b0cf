import type { SweepState } from '@l2bn/core/sweep';
import { mixedText } from '../../schedule/model-versions.ts';
import { mixedModelsIn } from '../advice/edited-model.ts';

/** A line for each module of which there are results of more than one version. */
export const mixedNotes = (folder: string, state: SweepState): string[] =>
  mixedModelsIn(folder, state).map((mixed) => `note: ${mixedText(mixed)}\n`);

/** Says so on stderr, beside rows that do not tell which version they are of. */
export function noteMixedModels(folder: string, state: SweepState): void {
  for (const note of mixedNotes(folder, state)) process.stderr.write(note);
}
