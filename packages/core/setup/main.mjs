#!/usr/bin/env node
/**
 * `l2bn-setup`: makes the tfjs-node of the project that it is run in work.
 */
import { requireNode } from './node-version.mjs';

requireNode();

const HELP = `l2bn-setup - gets libtensorflow and compiles tfjs-node's binding against it, for the project in this folder

  l2bn-setup            does what is missing; quick when nothing is
  l2bn-setup --verify   reads every byte of the cached library and runs an op, whatever was found before
  l2bn-setup --help

L2BN_TENSORFLOW  a copy of libtensorflow of your own: the tensorflow/ folder of an unpacked wheel
L2BN_CACHE       where the downloaded library is kept (about 860 MB); otherwise the user's cache folder
CXX              the C++ compiler
L2BN_DEBUG=1     shows the stack of a failure
`;

// Imported only now, so that an old Node is told so before it meets syntax that it cannot read.
const { reportFailures, say, SetupError } = await import('./report.mjs');

await reportFailures(async () => {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  const unknown = args.find((arg) => arg !== '--verify');
  if (unknown) throw new SetupError(`l2bn-setup does not know ${unknown}`, ['See l2bn-setup --help.']);
  const { nativeIsReady, setUpNative } = await import('./native.mjs');
  const everyByte = args.includes('--verify');
  if (!everyByte && nativeIsReady(process.cwd())) {
    say('tfjs-node is ready, nothing to do');
    return;
  }
  await setUpNative(process.cwd(), { everyByte });
});
