/**
 * l2bn: the coordinator, the ledger and the engine's channel as they are; only the engine trains nothing.
 */
import { Coordinator, loadSweep } from '@l2bn/runner';
import { EngineSupervisor } from '../../../../packages/runner/dist/engine/engine-supervisor.js';
import { readTask, takePart } from './protocol.mjs';

const NOOP_HOST = new URL('./noop-host.mjs', import.meta.url);

const { sweepFile, folder, jobs, limit } = readTask();

await takePart('', async () => {
  const begun = performance.now();
  const { plan } = await loadSweep(sweepFile);
  const planned = performance.now();
  const memoryBefore = heapUsed();
  const coordinator = new Coordinator({
    plan,
    folder,
    baseDirectory: folder,
    workers: jobs,
    retries: 0,
    createEngine: (options, events) => new EngineSupervisor({ ...options, hostEntry: NOOP_HOST }, events),
  });
  const opened = performance.now();
  let started = opened;
  let cpuStarted = process.cpuUsage();
  /** @type {number[]} */
  const finishedAt = [];
  /** @type {number[]} */
  const cpuAt = [];
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  coordinator.on('events', (events) => {
    for (const { event } of events) {
      if (event.type === 'phase' && event.phase === 'running') {
        started = performance.now();
        cpuStarted = process.cpuUsage();
        timer = setTimeout(() => coordinator.stop('the time is up'), limit * 1000);
      } else if (event.type === 'done') {
        const { user, system } = process.cpuUsage(cpuStarted);
        finishedAt.push(Number(((performance.now() - started) / 1000).toFixed(6)));
        cpuAt.push((user + system) / 1e6);
      }
    }
  });
  const outcome = await coordinator.run();
  const seconds = (performance.now() - started) / 1000;
  clearTimeout(timer);
  if (outcome.status === 'broken') throw new Error(outcome.reason);
  const coordinatorHeap = heapUsed() - memoryBefore;
  const { done } = coordinator.state.counts;
  await coordinator.close();
  return {
    planSeconds: (planned - begun) / 1000,
    openSeconds: (opened - planned) / 1000,
    readySeconds: (started - begun) / 1000,
    seconds,
    finishedAt,
    cpuAt,
    cells: done,
    coordinatorHeap,
    coordinatorMemory: process.resourceUsage().maxRSS * 1024,
  };
});

/** Bytes of live objects. */
function heapUsed() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
