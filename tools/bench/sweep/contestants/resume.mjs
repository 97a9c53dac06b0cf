/**
 * Opens a folder whose sweep has been run, as a resume does first, and says what that takes.
 */
import { Coordinator, loadSweep } from '@l2bn/runner';
import { readTask, takePart } from './protocol.mjs';

const { sweepFile, folder, jobs } = readTask();

await takePart('', async () => {
  const begun = performance.now();
  const { plan } = await loadSweep(sweepFile);
  const planned = performance.now();
  const coordinator = new Coordinator({ plan, folder, baseDirectory: folder, workers: jobs, retries: 0 });
  const { isComplete } = coordinator;
  const opened = performance.now();
  const { done } = coordinator.state.counts;
  await coordinator.close();
  return { planSeconds: (planned - begun) / 1000, openSeconds: (opened - planned) / 1000, isComplete, done };
});
