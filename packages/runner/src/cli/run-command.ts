import { createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { chooseWorkerCount } from '../engine/worker-count.ts';
import { LedgerInUseError } from '../ledger/ledger.ts';
import { writeWhole } from '../ledger/whole-file.ts';
import { type LoadedSweep, loadSweep } from '../plan/build-plan.ts';
import { preflight } from '../plan/preflight.ts';
import { articleFindings, formatFindings } from '../report/findings.ts';
import { resultTable } from '../report/result-table.ts';
import type { ControlCommand } from '../schedule/control.ts';
import { ControlSocket } from '../schedule/control-socket.ts';
import { Coordinator, type Outcome } from '../schedule/coordinator.ts';
import { type LiveServer, startLiveServer } from '../server/index.ts';
import { EXIT } from './exit-codes.ts';
import { jsonProgress } from './json-progress.ts';
import { LaneProgress } from './lane-progress.ts';
import { lineProgress } from './line-progress.ts';
import { pageDirectory } from './page-directory.ts';
import type { ProgressView } from './progress.ts';
import { onStopSignals } from './stop-signals.ts';
import { recordSource } from './sweep-source.ts';
import { version } from './version.ts';
import { isWritten } from './writer-alive.ts';

export interface RunOptions {
  /** `key=value` words that change the sweep file's content. */
  overrides: string[];
  /** Folder of results; `sweeps/<name>` below the working folder when left out. */
  output?: string;
  workers?: number;
  port?: number;
  /** False: no page. */
  page: boolean;
  /** Whoever holds the link may pause, stop, cancel and retry through the page's server. */
  allowControl: boolean;
  json: boolean;
  /** Sets old results aside first. */
  fresh: boolean;
  /** Keeps the page up after the end: by default on a terminal. */
  keep?: boolean;
  /** Failed trials after which the sweep stops. */
  onFailure: number;
}

/** `continue`, `stop`, `stop-after=3` as the number of failed trials that stops a sweep. */
export function failureLimit(text: string): number {
  if (text === 'continue') return Number.POSITIVE_INFINITY;
  if (text === 'stop') return 1;
  const count = Number(/^stop-after=(\d+)$/.exec(text)?.[1]);
  if (count >= 1) return count;
  throw new InvalidArgumentError(`got ${text}, want continue, stop or stop-after=N.`);
}

/** `l2bn run`: trains what is not done yet, shows it, and says what came out. Returns the exit code. */
export async function runCommand(file: string, options: RunOptions): Promise<number> {
  const loaded = await loadSweep(file, options.overrides);
  const baseDirectory = dirname(resolve(file));
  await preflight(loaded, baseDirectory);
  const folder = resolve(options.output ?? join('sweeps', loaded.plan.name));
  if (options.fresh) await setAside(folder);

  const workers = chooseWorkerCount(loaded.plan, options.workers ?? loaded.sweep.workers);
  const coordinator = new Coordinator({
    plan: loaded.plan,
    folder,
    baseDirectory,
    workers,
    maxWorkers: Math.max(workers, chooseWorkerCount(loaded.plan, 'auto')),
    retries: loaded.sweep.retries,
    hangTimeout: loaded.sweep.hangTimeout,
    stopAfterFailures: options.onFailure,
  });
  const socket = await ControlSocket.listen(folder, (command) => coordinator.control(command));
  const server = options.page ? await servePage(coordinator, options) : undefined;
  try {
    await writeWhole(join(folder, 'plan.json'), `${JSON.stringify(loaded.plan, null, 2)}\n`);
    await recordSource(folder, file, options.overrides);
    return await runAndReport(coordinator, loaded, folder, server, options);
  } finally {
    socket.close();
    await server?.close();
    await coordinator.close();
  }
}

async function runAndReport(
  coordinator: Coordinator,
  { plan }: LoadedSweep,
  folder: string,
  server: LiveServer | undefined,
  options: RunOptions,
): Promise<number> {
  const log = createWriteStream(join(folder, 'sweep.log'), { flags: 'a' });
  // A log that cannot be written is no reason to stop training; the ledger says all of it.
  log.on('error', (error) => process.stderr.write(`sweep.log ends here: ${error.message}\n`));
  const views: ProgressView[] = [lineProgress(log), terminalView(options, server)];
  coordinator.on('events', (events) => {
    for (const view of views) view.update(events, coordinator.state);
  });
  const shown = relative(process.cwd(), folder) || '.';
  const say = (line: string) => {
    for (const view of views) view.say(line);
  };
  const before = plan.trials.length - coordinator.state.counts.planned;
  say(
    `${plan.name}: ${count(plan.cells.length, 'cell')} × ${count(plan.seeds.length, 'seed')} = ${count(plan.trials.length, 'trial')} → ${shown}`,
  );
  if (coordinator.isComplete) say('every trial has its result already; nothing is run again');
  else if (before > 0) say(`${before} trials were started before; going on from there`);
  if (server !== undefined) say(`page: ${server.link}`);

  const signals = onStopSignals({
    first: () => {
      say('stopping: the running steps end first; Ctrl-C again to kill them');
      coordinator.stop();
    },
    second: () => coordinator.kill(),
  });
  let outcome: Outcome;
  try {
    outcome = await coordinator.run();
  } finally {
    for (const view of views) view.end();
    signals.dispose();
  }
  report(coordinator, outcome, shown, options);
  log.end();
  if (outcome.status === 'finished' && server !== undefined && (options.keep ?? process.stderr.isTTY === true)) {
    await keepPage(server);
  }
  return exitCode(coordinator, outcome, signals.received);
}

function terminalView({ json }: RunOptions, server: LiveServer | undefined): ProgressView {
  if (json) return jsonProgress(process.stdout);
  return process.stderr.isTTY ? new LaneProgress(process.stderr, server?.link) : lineProgress(process.stderr);
}

function servePage(coordinator: Coordinator, { port, allowControl }: RunOptions): Promise<LiveServer> {
  return startLiveServer({
    pageDirectory: pageDirectory(),
    version,
    ...(port === undefined ? {} : { port }),
    ...(allowControl ? { control: (command: ControlCommand) => coordinator.control(command) } : {}),
    source: {
      get state() {
        return coordinator.state;
      },
      subscribe(listener) {
        const forward = (events: Parameters<typeof listener>[0][]) => {
          for (const event of events) listener(event);
        };
        coordinator.on('events', forward);
        return () => coordinator.off('events', forward);
      },
      eventsAfter: (seq, limit) => coordinator.eventsAfter(seq, limit),
    },
  });
}

/** Data goes to stdout, everything else to stderr. */
function report({ state }: Coordinator, outcome: Outcome, shown: string, { json }: RunOptions): void {
  if (outcome.status === 'broken') {
    process.stderr.write(`l2bn: ${outcome.reason}\n`);
    return;
  }
  if (json) return;
  const findings = articleFindings(state);
  process.stdout.write(`\n${resultTable(state)}\n`);
  if (findings.length > 0)
    process.stdout.write(`\nThe article's findings in these numbers:\n${formatFindings(findings)}\n`);
  for (const { id, failure } of state.trials) {
    if (failure !== null) process.stdout.write(`\nfailed: ${id}: ${failure.error}\n`);
  }
  const next = outcome.status === 'stopped' ? '\nStopped. Run the same command to go on.' : '';
  process.stdout.write(`\nResults: ${shown} (ledger.db, plan.json, sweep.log)${next}\n`);
}

async function keepPage(server: LiveServer): Promise<void> {
  process.stderr.write(`\nThe page stays at ${server.link} until Ctrl-C.\n`);
  await new Promise<void>((done) => {
    const signals = onStopSignals({ first: done, second: done });
    signals.unref();
  });
}

function exitCode({ state }: Coordinator, outcome: Outcome, signal: NodeJS.Signals | undefined): number {
  if (outcome.status === 'broken') return EXIT.environment;
  if (outcome.status === 'stopped' && signal !== undefined) {
    if (signal === 'SIGHUP') return EXIT.hungUp;
    return signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  }
  if (outcome.status === 'stopped' && state.counts.failed === 0) return EXIT.incomplete;
  return state.counts.failed > 0 ? EXIT.trialsFailed : EXIT.ok;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** Nothing is deleted: an old folder gets the time of its last change as a suffix. */
async function setAside(folder: string): Promise<void> {
  const old = await stat(folder).catch(() => undefined);
  if (old === undefined) return;
  // Not from under a sweep that runs.
  if (isWritten(folder)) throw new LedgerInUseError(`another l2bn writes ${folder}`);
  const suffix = old.mtime.toISOString().slice(0, 19).replaceAll(':', '-');
  const target = `${folder}.${suffix}`;
  await mkdir(dirname(folder), { recursive: true });
  await rename(folder, target);
  process.stderr.write(`old results are in ${relative(process.cwd(), target)}\n`);
}
