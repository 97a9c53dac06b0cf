import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, type TrialConfig } from '@l2bn/core/sweep';
import { modelTrials } from '../../engine/model-trials.ts';
import type { LoadedSweep } from '../../plan/build-plan.ts';
import { distinctData } from '../../plan/distinct-data.ts';
import { askHelper } from '../process/helper-process.ts';
import { onStopSignals } from '../process/stop-signals.ts';
import type { Inspection, InspectionAnswer, InspectionRequest } from './inspection.ts';
import { StatusLine } from './status-line.ts';

/** A signal has ended it. */
export class InspectionStopped extends Error {
  override readonly name = 'InspectionStopped';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.signal = signal;
  }
}

export interface InspectOptions {
  baseDirectory: string;
  /** Models whose variables are asked for. */
  models: TrialConfig[];
  /** Kinds of step to time, and how many of them at a time. */
  timing?: { shapes: TrialConfig[]; together: number };
}

/**
 * Reads the data of a plan and builds its models, in a process of their own, and says on a terminal what it is doing.
 *
 * @throws InputError with everything that cannot be used, HelperError if TensorFlow does not work.
 */
export async function inspectPlan(
  { file, plan, place }: LoadedSweep,
  { baseDirectory, models, timing }: InspectOptions,
): Promise<Inspection> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const signals = onStopSignals({ first: stop, second: stop });
  const status = new StatusLine(process.stderr);
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'l2bn-'));
  const request: InspectionRequest = {
    data: distinctData(plan),
    tried: modelTrials(plan),
    models,
    ...(timing === undefined ? {} : { timing: { ...timing, temporaryFolder } }),
    baseDirectory,
    file,
  };
  try {
    status.show('loading TensorFlow');
    const answer = await askHelper<InspectionRequest, InspectionAnswer>(
      new URL('./inspect.js', import.meta.url),
      request,
      {
        onProgress: (text) => status.show(text),
        signal: abort.signal,
      },
    );
    if ('problems' in answer) throw new InputError(...answer.problems.map(place));
    return answer;
  } catch (error) {
    throw signals.received === undefined ? error : new InspectionStopped(signals.received);
  } finally {
    status.clear();
    signals.dispose();
    rmSync(temporaryFolder, { recursive: true, force: true, maxRetries: 3 });
  }
}
