/** What is asked of a sweep that another terminal runs. */

import { dirname } from 'node:path';
import { type ControlCommand, type ControlReply, InputError, isFinished } from '@l2bn/core/sweep';
import { LedgerInUseError } from '../../ledger/ledger.ts';
import { readLedger } from '../../ledger/read-ledger.ts';
import { askCoordinator } from '../../schedule/control-socket.ts';
import { type Requeued, requeueInLedger } from '../../schedule/requeue.ts';
import { ACCEPT_EDITED, editedModelAdvice } from '../advice/edited-model.ts';
import { resumeCommand } from '../advice/resume-command.ts';
import { EXIT } from '../exit-codes.ts';
import { chosenFolder, shownFolder } from '../target/sweep-folder.ts';
import { recordedSource } from '../target/sweep-source.ts';
import { findTrial, folderAndTrial } from '../target/trial-word.ts';
import { examples, exitingWith, FOLDER_ARGUMENT, type Register } from './verb.ts';
import { wholeNumber } from './whole-number.ts';

/** A verb without a word of its own beside the folder. */
const plain =
  (name: string, description: string, command: ControlCommand): Register =>
  (program) => {
    program
      .command(name)
      .description(description)
      .argument(...FOLDER_ARGUMENT)
      .addHelpText('after', examples(`l2bn ${name}`, `l2bn ${name} sweeps/article`))
      .action(exitingWith((folder: string | undefined) => ask(chosenFolder(folder), command)));
  };

export const registerPause = plain('pause', 'let running trials go on and start no new ones', { do: 'pause' });
export const registerResume = plain('resume', 'end a pause', { do: 'resume' });
export const registerStop = plain('stop', 'end the running trials at their next step; l2bn run goes on', {
  do: 'stop',
});

export const registerWorkers: Register = (program) => {
  program
    .command('workers')
    .description('change how many trials run at the same time')
    .argument('<n>', 'number of trials', wholeNumber('workers', { least: 1, example: 'l2bn workers 2' }))
    .argument(...FOLDER_ARGUMENT)
    .addHelpText('after', examples('l2bn workers 1', 'l2bn workers 4 sweeps/article'))
    .action(
      exitingWith((count: number, folder: string | undefined) => ask(chosenFolder(folder), { do: 'workers', count })),
    );
};

const TRIAL_ARGUMENT = [
  '[trial]',
  'id of the trial, or a beginning that only one has (l2bn status shows them, l2bn table --json lists all)',
] as const;
const TRIAL_OPTION = ['-t, --trial <id>', 'the trial, where it is not the first word'] as const;

export const registerCancel: Register = (program) => {
  program
    .command('cancel')
    .description('drop a trial: it is not run, or not any further')
    .argument(...TRIAL_ARGUMENT)
    .argument(...FOLDER_ARGUMENT)
    .option(...TRIAL_OPTION)
    .addHelpText('after', examples('l2bn cancel 33af6d-s1', 'l2bn cancel 33af6d32e0222124-s1 sweeps/article'))
    .action(exitingWith((...args: TrialArguments) => cancel(...args)));
};

export const registerRetry: Register = (program) => {
  program
    .command('retry')
    .description(
      'put failed and cancelled trials back, of a sweep that runs or that has ended; by name a pruned one, too',
    )
    .argument(...TRIAL_ARGUMENT)
    .argument(...FOLDER_ARGUMENT)
    .option(...TRIAL_OPTION)
    .option(ACCEPT_EDITED, 'go on with a module that was edited, beside the results of what it was before', false)
    .addHelpText('after', examples('l2bn retry', 'l2bn retry sweeps/article', 'l2bn retry 33af6d-s1 sweeps/article'))
    .action(exitingWith((...args: RetryArguments) => retry(...args)));
};

type RetryArguments = [
  first: string | undefined,
  second: string | undefined,
  options: { trial?: string; acceptEditedModel: boolean },
];
type TrialArguments = [first: string | undefined, second: string | undefined, options: { trial?: string }];

const given = (...words: (string | undefined)[]): string[] => words.filter((word) => word !== undefined);

async function ask(folder: string, command: ControlCommand): Promise<number> {
  const reply = await askCoordinator(folder, command);
  if (reply !== undefined) return say(reply.ok, `${reply.text}${adviceAfter(command, reply, folder)}`);
  const { trials, phase } = readLedger(folder).state;
  const isOver = phase === 'finished' && trials.every(({ status }) => isFinished(status));
  const name = shownFolder(folder);
  return say(
    false,
    isOver ? `${name} is finished` : `nobody runs ${name} now; ${resumeCommand(folder)} goes on with it`,
  );
}

/** What to type next, which the process that runs the sweep cannot know: it has another working folder. */
function adviceAfter(command: ControlCommand, { ok, text }: ControlReply, folder: string): string {
  if (command.do === 'stop' && ok && text.startsWith('stopping')) return `; to go on then: ${resumeCommand(folder)}`;
  if (command.do !== 'workers' || ok || !text.includes('at most')) return '';
  return `; for more: l2bn stop, then ${resumeCommand(folder)} --workers ${command.count}`;
}

async function cancel(
  first: string | undefined,
  second: string | undefined,
  options: { trial?: string },
): Promise<number> {
  const { folder, trial } = folderAndTrial(given(first, second), options.trial);
  if (trial === undefined) throw new InputError({ path: 'trial', got: 'none', want: 'the id of the trial to cancel' });
  return ask(folder, { do: 'cancel', trial: findTrial(readLedger(folder).state.plan, trial) });
}

async function retry(...[first, second, options]: RetryArguments): Promise<number> {
  const { folder, trial: word } = folderAndTrial(given(first, second), options.trial);
  const trial = word === undefined ? null : findTrial(readLedger(folder).state.plan, word);
  const reply = await askCoordinator(folder, { do: 'retry', trial });
  if (reply !== undefined) return say(reply.ok, reply.text);
  const source = recordedSource(folder);
  const baseDirectory = source === undefined ? undefined : dirname(source.file);
  try {
    const advice = editedModelAdvice(folder);
    const requeued = requeueInLedger(folder, trial, { baseDirectory, acceptEdited: options.acceptEditedModel, advice });
    return sayRequeued(requeued, trial, folder);
  } catch (error) {
    if (error instanceof LedgerInUseError) return say(false, 'the sweep is starting or ending; try again');
    throw error;
  }
}

function sayRequeued({ count, accepted }: Requeued, trial: string | null, folder: string): number {
  const both = accepted.length === 0 ? '' : `; from now on with ${accepted.join(', ')} as it is now`;
  if (count > 0) {
    return say(true, `${count} put back${both}; ${resumeCommand(folder)} runs ${count === 1 ? 'it' : 'them'}`);
  }
  if (both !== '') return say(true, `nothing is to be put back${both}: ${resumeCommand(folder)}`);
  return say(
    false,
    trial === null ? 'no trial has failed or was cancelled' : `${trial} has not failed and was not cancelled or pruned`,
  );
}

function say(ok: boolean, text: string): number {
  (ok ? process.stdout : process.stderr).write(`${text}\n`);
  return ok ? EXIT.ok : EXIT.usage;
}
