/**
 * The order of the steps. First all of them are asked whether there is anything to do, which starts no process; only
 * then is the clone locked and worked on.
 */
import { join } from 'node:path';
import { withLock } from '../../packages/core/setup/lock.mjs';
import { nativeIsReady, setUpNative } from '../../packages/core/setup/native.mjs';
import { say } from '../../packages/core/setup/report.mjs';
import { browserIsReady, setUpBrowser } from './browser.mjs';
import { build, buildIsFresh } from './build.mjs';
import { installIsCurrent, installPackages } from './install.mjs';
import { ROOT, STATE } from './paths.mjs';

/** @param {{ forTests: boolean }} what */
export async function setUp({ forTests }) {
  const started = performance.now();
  if (allIsReady(forTests)) {
    say(`all is ready, nothing to do (${Math.round(performance.now() - started)} ms)`);
    return;
  }
  await withLock(join(STATE, 'setup.lock'), async () => {
    if (!installIsCurrent(ROOT)) await installPackages(ROOT);
    if (!nativeIsReady(ROOT)) await setUpNative(ROOT);
    if (!buildIsFresh()) await build();
    if (forTests && !browserIsReady()) await setUpBrowser();
  });
  say(`all is ready (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/** @param {boolean} forTests */
function allIsReady(forTests) {
  return installIsCurrent(ROOT) && nativeIsReady(ROOT) && buildIsFresh() && (!forTests || browserIsReady());
}
