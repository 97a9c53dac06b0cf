import { dirname, resolve } from 'node:path';
import { InputError, type InputProblem } from '@l2bn/core/sweep';
import type { Command } from 'commander';
import { type LoadedSweep, loadSweep } from '../plan/build-plan.ts';
import { EXIT } from './exit-codes.ts';
import { sizeOf } from './plan-text.ts';
import { allProblems } from './preflight-problems.ts';
import { examples, exitingWith, OVERRIDES_ARGUMENT, SWEEP_ARGUMENT } from './verb.ts';

export function registerValidate(program: Command): void {
  program
    .command('validate')
    .description('check a sweep file, its models and its data, without TensorFlow; exit code 2 with every problem')
    .argument(...SWEEP_ARGUMENT)
    .argument(...OVERRIDES_ARGUMENT)
    .option('--json', 'one JSON object', false)
    .addHelpText('after', examples('l2bn validate sweep.yaml', 'l2bn validate sweep.yaml l2=0,1e-4 --json'))
    .action(
      exitingWith((file: string, overrides: string[], options: { json: boolean }) =>
        validate(file, overrides, options),
      ),
    );
}

async function validate(file: string, overrides: string[], { json }: { json: boolean }): Promise<number> {
  try {
    const loaded = await loadSweep(file, overrides);
    const problems = await allProblems(loaded, dirname(resolve(file)));
    if (problems.length > 0) throw new InputError(...problems);
    process.stdout.write(
      `${json ? JSON.stringify(summary(loaded)) : `${loaded.file}: valid, ${sizeOf(loaded.plan)}`}\n`,
    );
    return EXIT.ok;
  } catch (error) {
    if (!json || !(error instanceof InputError)) throw error;
    process.stdout.write(
      `${JSON.stringify({ file, valid: false, problems: error.problems satisfies readonly InputProblem[] })}\n`,
    );
    return EXIT.usage;
  }
}

function summary({ file, plan: { name, hash, cells, seeds, trials } }: LoadedSweep): object {
  return { file, valid: true, name, hash, cells: cells.length, seeds: seeds.length, trials: trials.length };
}
