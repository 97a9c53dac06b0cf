/** What the help says of each command beside its own description and options. */
interface VerbNotes {
  /** For the list of commands. */
  summary: string;
  /** What its exit codes mean. */
  exits?: Readonly<Record<number, string>>;
}

const NO_RESULTS = 'there are no such results';
const STEERED = { 0: 'done', 2: 'not done: nobody runs the sweep, or it cannot be done now; stderr says why' };

export const VERB_NOTES: Readonly<Record<string, VerbNotes>> = {
  init: {
    summary: 'write a sweep file to start from',
    exits: { 0: 'written', 2: 'not written: the file is there already, or its folder is not' },
  },
  validate: {
    summary: 'check a sweep file, its models and its data',
    exits: { 0: 'it can run', 2: 'it cannot; stderr says why', 3: 'TensorFlow does not load' },
  },
  plan: {
    summary: 'show what a sweep would run, and how long it takes',
    exits: { 0: 'it can run', 2: 'it cannot; stderr says why', 3: 'TensorFlow does not load' },
  },
  doctor: {
    summary: 'check this machine',
    exits: { 0: 'sweeps can run here', 3: 'something that they need is missing' },
  },
  run: {
    summary: 'train a sweep, or go on with one',
    exits: {
      0: 'every trial has a result, or was cancelled',
      1: 'the sweep ended or was stopped, and at least one trial failed',
      2: 'refused before anything was started; stderr says why',
      3: 'this machine or this folder cannot be trained on or written',
      4: 'stopped by l2bn stop with trials still to run',
      129: 'stopped as the terminal was closed',
      130: 'stopped by Ctrl-C',
      143: 'stopped by SIGTERM',
    },
  },
  status: {
    summary: 'where a sweep stands',
    exits: { 0: 'complete', 1: 'ended with failed trials', 2: NO_RESULTS, 4: 'not at its end' },
  },
  watch: {
    summary: 'follow a sweep that another process runs',
    exits: {
      0: 'complete',
      1: 'ended with failed trials',
      2: NO_RESULTS,
      4: 'not at its end: nobody runs it any more',
      129: 'ended as the terminal was closed',
      130: 'ended by Ctrl-C',
      143: 'ended by SIGTERM',
    },
  },
  table: { summary: 'the results, a line a cell', exits: { 0: 'shown', 2: NO_RESULTS } },
  export: {
    summary: 'the results for other tools: CSV, Parquet, Optuna …',
    exits: {
      0: 'written',
      2: `${NO_RESULTS}, or the file is there already, or its folder is not`,
      3: 'the file cannot be written',
    },
  },
  pause: { summary: 'start no new trials', exits: STEERED },
  resume: { summary: 'start them again', exits: STEERED },
  stop: { summary: 'end the running trials at their next step', exits: STEERED },
  workers: { summary: 'change how many trials run at a time', exits: STEERED },
  cancel: { summary: 'drop a trial', exits: STEERED },
  retry: { summary: 'put failed and cancelled trials back', exits: STEERED },
};

export function exitCodesText(exits: Readonly<Record<number, string>>): string {
  const lines = Object.entries(exits).map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}
