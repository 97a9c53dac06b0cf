/** Entry point of the process that `l2bn doctor` starts to see whether TensorFlow works. */
import { answerRequest } from '../process/helper-process.ts';

export interface TensorflowAnswer {
  /** Of libtensorflow. */
  version: string;
}

answerRequest(async (): Promise<TensorflowAnswer> => {
  // Here and not above, so that a library that does not load is an answer's error and not a file's.
  const { tensorflowVersion, warmUp } = await import('@l2bn/core');
  await warmUp();
  return { version: tensorflowVersion() };
});
