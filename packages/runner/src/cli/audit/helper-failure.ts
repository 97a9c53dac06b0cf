import { EXIT, exitCodeOfSignal } from '../exit-codes.ts';
import { HelperError } from '../process/helper-process.ts';
import { InspectionStopped } from './inspect-plan.ts';

/** Runs what needs TensorFlow; where that does not work, or was interrupted, says what to do. Returns the exit code. */
export async function orHelperFailure(action: () => Promise<number>): Promise<number> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof InspectionStopped) return exitCodeOfSignal(error.signal);
    if (!(error instanceof HelperError)) throw error;
    process.stderr.write(
      `l2bn: the process that loads TensorFlow ended: ${error.message}\nl2bn doctor checks what is missing; --quick does without TensorFlow\n`,
    );
    return EXIT.environment;
  }
}
