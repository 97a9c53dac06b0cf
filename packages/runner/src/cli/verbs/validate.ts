import { dirname, resolve } from 'node:path';
import { formatProblem, InputError, type InputProblem } from '@l2bn/core/sweep';
import type { Command } from 'commander';
import { type LoadedSweep, loadSweep } from '../../plan/build-plan.ts';
import { distinctModels } from '../../plan/distinct-models.ts';
import { idleKeys } from '../../plan/idle-keys.ts';
import { type EarlierResults, earlierResults } from '../audit/earlier-results.ts';
import { orHelperFailure } from '../audit/helper-failure.ts';
import { inspectPlan } from '../audit/inspect-plan.ts';
import { type ModelAudit, modelAudits, modelsWithoutBatchNorm } from '../audit/plan-audit.ts';
import { allProblems, refuseOtherData } from '../audit/preflight-problems.ts';
import { unreadData } from '../audit/unread-data.ts';
import { placeOf } from '../errors/problem-place.ts';
import { EXIT } from '../exit-codes.ts';
import { sizeOf } from '../output/plan-text.ts';
import { sayWarnings } from '../output/warnings.ts';
import { HelperError } from '../process/helper-process.ts';
import type { RunTarget } from '../target/run-target.ts';
import { chosenSweep } from '../target/sweep-target.ts';
import { DASHED_KEYS } from './dashed-keys.ts';
import { examples, exitingWith, OVERRIDES_ARGUMENT, SWEEP_ARGUMENT } from './verb.ts';

interface ValidateOptions {
  json: boolean;
  quick: boolean;
}

export function registerValidate(program: Command): void {
  program
    .command('validate')
    .configureOutput(DASHED_KEYS)
    .description(
      'Checks a sweep file and says every problem of it: keys and values, data (every image is read) and models (each is built, as a run would).',
    )
    .argument(...SWEEP_ARGUMENT)
    .argument(...OVERRIDES_ARGUMENT)
    .option('--quick', 'do not load TensorFlow: build no models and read no images', false)
    .option('--json', 'one JSON object', false)
    .addHelpText('after', examples('l2bn validate sweep.yaml', 'l2bn validate sweep.yaml l2=0,1e-4 --quick'))
    .action(
      exitingWith((sweep: string | undefined, overrides: string[], options: ValidateOptions) =>
        orHelperFailure(() => validate(chosenSweep(sweep, overrides), options)),
      ),
    );
}

async function validate({ file, overrides, output }: RunTarget, { json, quick }: ValidateOptions): Promise<number> {
  try {
    const loaded = await loadSweep(file, overrides);
    const baseDirectory = dirname(resolve(file));
    const earlier = earlierResults(loaded.plan, output);
    const problems = await allProblems(loaded, baseDirectory, earlier);
    const found = quick ? NOTHING : await inspection(loaded, baseDirectory, { known: problems, earlier });
    problems.push(...found.problems);
    if (problems.length > 0) throw new InputError(...problems);
    const warnings = [
      ...idleKeys(loaded.plan),
      ...modelsWithoutBatchNorm(found.audits),
      ...(quick ? unreadData(loaded.plan, earlier) : []),
    ];
    const text = json ? JSON.stringify(summary(loaded, warnings)) : `${loaded.file}: valid, ${sizeOf(loaded.plan)}`;
    process.stdout.write(`${text}\n`);
    sayWarnings(loaded.file, warnings);
    return EXIT.ok;
  } catch (error) {
    if (!json || !(error instanceof InputError)) throw error;
    const problems = error.problems.map((problem) => ({ ...problem, ...placeOf(problem) }));
    process.stdout.write(`${JSON.stringify({ file, valid: false, problems })}\n`);
    return EXIT.usage;
  }
}

interface Found {
  problems: InputProblem[];
  audits: ModelAudit[];
}
const NOTHING: Found = { problems: [], audits: [] };

/** What else is found by reading the data and building the models, as a run would. */
async function inspection(
  loaded: LoadedSweep,
  baseDirectory: string,
  { known, earlier }: { known: readonly InputProblem[]; earlier: EarlierResults },
): Promise<Found> {
  const models = distinctModels(loaded.plan);
  try {
    const { models: variables, data } = await inspectPlan(loaded, { baseDirectory, models });
    refuseOtherData(loaded, data, earlier);
    return { problems: [], audits: modelAudits(models, variables) };
  } catch (error) {
    if (error instanceof HelperError && known.length > 0) return NOTHING;
    if (!(error instanceof InputError)) throw error;
    const said = new Set(known.map(formatProblem));
    return { problems: error.problems.filter((problem) => !said.has(formatProblem(problem))), audits: [] };
  }
}

function summary({ file, plan: { name, hash, cells, seeds, trials } }: LoadedSweep, warnings: string[]): object {
  return { file, valid: true, name, hash, cells: cells.length, seeds: seeds.length, trials: trials.length, warnings };
}
