/** What is asked of a sweep that another terminal runs. */

import { type ControlCommand, isFinished } from '@l2bn/core/sweep';
import { LedgerInUseError } from '../ledger/ledger.ts';
import { readLedger } from '../ledger/read-ledger.ts';
import { requeueInLedger } from '../ledger/requeue.ts';
import { askCoordinator } from '../schedule/control-socket.ts';
import { EXIT } from './exit-codes.ts';
import { chosenFolder, shownFolder } from './sweep-folder.ts';
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
    .argument('<n>', 'number of trials', wholeNumber(1))
    .argument(...FOLDER_ARGUMENT)
    .addHelpText('after', examples('l2bn workers 1', 'l2bn workers 4 sweeps/article'))
    .action(
      exitingWith((count: number, folder: string | undefined) => ask(chosenFolder(folder), { do: 'workers', count })),
    );
};

export const registerCancel: Register = (program) => {
  program
    .command('cancel')
    .description('drop a trial: it is not run, or not any further')
    .argument('<trial>', 'id of the trial (l2bn table --json lists them)')
    .argument(...FOLDER_ARGUMENT)
    .addHelpText('after', examples('l2bn cancel 33af6d32e0222124-s1'))
    .action(
      exitingWith((trial: string, folder: string | undefined) => ask(chosenFolder(folder), { do: 'cancel', trial })),
    );
};

export const registerRetry: Register = (program) => {
  program
    .command('retry')
    .description(
      'put failed and cancelled trials back, of a sweep that runs or that has ended; by name a pruned one, too',
    )
    .argument(...FOLDER_ARGUMENT)
    .option('-t, --trial <id>', 'only this trial')
    .addHelpText('after', examples('l2bn retry', 'l2bn retry sweeps/article --trial 33af6d32e0222124-s1'))
    .action(
      exitingWith((folder: string | undefined, { trial = null }: { trial?: string | null }) =>
        retry(chosenFolder(folder), trial),
      ),
    );
};

async function ask(folder: string, command: ControlCommand): Promise<number> {
  const reply = await askCoordinator(folder, command);
  if (reply !== undefined) return say(reply.ok, reply.text);
  const { plan, trials, phase } = readLedger(folder).state;
  if ('trial' in command && command.trial !== null && !plan.trials.some(({ id }) => id === command.trial)) {
    return say(false, noTrial(command.trial));
  }
  const isOver = phase === 'finished' && trials.every(({ status }) => isFinished(status));
  const name = shownFolder(folder);
  return say(false, isOver ? `${name} is finished` : `nobody runs ${name} now; l2bn run starts it`);
}

async function retry(folder: string, trial: string | null): Promise<number> {
  const { plan } = readLedger(folder).state;
  if (trial !== null && !plan.trials.some(({ id }) => id === trial)) return say(false, noTrial(trial));
  const reply = await askCoordinator(folder, { do: 'retry', trial });
  if (reply !== undefined) return say(reply.ok, reply.text);
  try {
    const count = requeueInLedger(folder, trial);
    return say(
      count > 0,
      count > 0
        ? `${count} put back; l2bn run runs them`
        : trial === null
          ? 'no trial has failed or was cancelled'
          : `no trial ${trial} has failed, was cancelled or pruned`,
    );
  } catch (error) {
    if (error instanceof LedgerInUseError) return say(false, 'the sweep is starting or ending; try again');
    throw error;
  }
}

const noTrial = (id: string): string => `there is no trial ${id}`;

function say(ok: boolean, text: string): number {
  (ok ? process.stdout : process.stderr).write(`${text}\n`);
  return ok ? EXIT.ok : EXIT.usage;
}
