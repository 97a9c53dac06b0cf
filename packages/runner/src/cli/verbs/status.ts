import type { Command } from 'commander';
import { LedgerFollower } from '../../ledger/ledger-follower.ts';
import { mendedModelAdvice, mixedModelsIn } from '../advice/edited-model.ts';
import { resumeCommand, retryCommand } from '../advice/resume-command.ts';
import { githubError, onGithub } from '../errors/github.ts';
import { EXIT } from '../exit-codes.ts';
import { colorsFor } from '../output/colors.ts';
import { isWritten } from '../process/writer-alive.ts';
import { Pace } from '../status/pace.ts';
import { statusScreen } from '../status/status-screen.ts';
import { type SweepStatus, sweepStatus } from '../status/sweep-status.ts';
import { chosenFolder, shownFolder } from '../target/sweep-folder.ts';
import { readSource } from '../target/sweep-source.ts';
import { examples, exitingWith, FOLDER_ARGUMENT } from './verb.ts';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('where a sweep stands, on one screen; exit code 0 only when it is complete')
    .argument(...FOLDER_ARGUMENT)
    .option('--json', 'one JSON object', false)
    .addHelpText(
      'after',
      examples(
        'l2bn status',
        'l2bn status sweeps/article --json',
        "watch --color -n 5 'FORCE_COLOR=1 l2bn status article'",
      ),
    )
    .action(exitingWith((folder: string | undefined, options: { json: boolean }) => status(folder, options)));
}

function status(named: string | undefined, { json }: { json: boolean }): number {
  const folder = chosenFolder(named);
  const report = readStatus(folder);
  const screen = json
    ? JSON.stringify({ folder: shownFolder(folder), ...report })
    : statusScreen(report, colorsFor(process.stdout));
  process.stdout.write(`${screen}\n`);
  if (onGithub()) for (const failure of report.failed) annotate(failure);
  return statusExitCode(report);
}

/** Where the sweep of a folder stands now. Throws `InputError` if it holds none. */
function readStatus(folder: string): SweepStatus {
  const written = isWritten(folder);
  const follower = new LedgerFollower(folder);
  try {
    const pace = new Pace();
    for (const { recorded, trial } of follower.read()) pace.observe(recorded, follower.state, trial);
    const { state } = follower;
    const commands = { resume: resumeCommand(folder), retry: retryCommand(folder) };
    return sweepStatus({
      state,
      pace,
      isWritten: written,
      mixedModels: mixedModelsIn(folder, state),
      mended: mendedModelAdvice(state, folder),
      commands,
      source: readSource(folder),
      now: Date.now(),
    });
  } finally {
    follower.close();
  }
}

function statusExitCode({ complete, finished, total }: SweepStatus): number {
  if (complete) return EXIT.ok;
  return finished === total ? EXIT.trialsFailed : EXIT.incomplete;
}

const annotate = ({ label, error }: { label: string; error: string }): void => {
  process.stderr.write(`${githubError(error, { title: `trial failed: ${label}` })}\n`);
};
