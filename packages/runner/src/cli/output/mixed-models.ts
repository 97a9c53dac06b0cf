import type { SweepState } from '@l2bn/core/sweep';
import { mixedText } from '../../schedule/model-versions.ts';
import { mixedModelsIn } from '../advice/edited-model.ts';

/** Says on stderr, beside rows that do not tell which version of a module they are of, that there is more than one. */
export function noteMixedModels(folder: string, state: SweepState): void {
  for (const mixed of mixedModelsIn(folder, state)) process.stderr.write(`note: ${mixedText(mixed)}\n`);
}
