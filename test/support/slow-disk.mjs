/**
 * Loaded into a process before anything else (`--import`): its disk takes 20 ms for every fsync, as a disk that turns does.
 * What is written is written as ever.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { fsyncSync } = fs;
const clock = new Int32Array(new SharedArrayBuffer(4));

fs.fsyncSync = (descriptor) => {
  Atomics.wait(clock, 0, 0, 20);
  fsyncSync(descriptor);
};
syncBuiltinESMExports();
