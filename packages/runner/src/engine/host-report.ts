import type { FromHostOf } from './messages.ts';

/** What is used of Node's diagnostic report; a worker thread's is of the same kind. */
interface NodeReport {
  header: { threadId: number };
  javascriptStack?: { stack?: string[] };
  environmentVariables?: unknown;
  workers?: NodeReport[];
}

/** What Node writes where a thread runs no JavaScript. */
const NO_STACK = 'Unavailable.';

/**
 * What this process is doing. Blocks until every worker thread has answered, which one in a loop or in `Atomics.wait` does
 * and one that hangs in native code never does.
 *
 * @param trialOf The trials that run, by their worker thread.
 */
export function hostReport(trialOf: ReadonlyMap<number, string>): Omit<FromHostOf<'report'>, 'type'> {
  // Names of peers are looked up otherwise, which can take long.
  Object.assign(process.report, { excludeNetwork: true, excludeEnv: true });
  const report = withoutEnvironment(process.report.getReport() as NodeReport);
  const workers = (report.workers ?? []).flatMap(({ header: { threadId }, javascriptStack }) => {
    const trial = trialOf.get(threadId);
    const stack = (javascriptStack?.stack ?? []).filter((line) => line !== NO_STACK);
    return trial === undefined ? [] : [{ trial, thread: threadId, stack }];
  });
  return { workers, node: { ...report } };
}

/** Secrets are kept in the environment, and a report is shown around. Before Node 22.13 it cannot be left out. */
function withoutEnvironment({ environmentVariables: _, ...report }: NodeReport): NodeReport {
  return { ...report, workers: (report.workers ?? []).map(withoutEnvironment) };
}
