/**
 * Running npm, and saying in plain words why it failed.
 */
import { basename } from 'node:path';
import { SetupError } from '../../packages/core/setup/report.mjs';
import { findOnPath, lastLines, run } from '../../packages/core/setup/run.mjs';

/** Exactly what the lock says, and no script of any package: that is what the other steps are for. */
const CI = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];

/**
 * @param {string} folder
 * @param {string} what what is installed, for the message
 */
export async function npmCi(folder, what) {
  const { command, first } = npmCommand();
  const outcome = await run(command, [...first, ...CI], { cwd: folder });
  if (outcome.code !== 0) throw npmFailed(outcome.stderr || outcome.stdout, what);
}

function npmCommand() {
  // Under `npm start` npm names itself; other package managers set the same variable.
  const running = process.env.npm_execpath;
  if (running && basename(running) === 'npm-cli.js') return { command: process.execPath, first: [running] };
  const npm = findOnPath(['npm']);
  if (npm) return { command: npm, first: [] };
  throw new SetupError('npm is not on PATH', [
    'It comes with Node from most sources; with some systems it is a package of its own (Debian, Ubuntu: apt-get install npm).',
  ]);
}

/**
 * @param {string} output
 * @param {string} what
 */
function npmFailed(output, what) {
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(output)?.[1] ?? '';
  const again = 'and run the same command again.';
  if (
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|FETCH_ERROR)$/.test(
      code,
    )
  )
    return new SetupError(`npm cannot reach its registry (${code}), so ${what} cannot be installed`, [
      `Connect to the network, or set the registry or proxy that npm shall use (npm config), ${again}`,
    ]);
  if (code === 'ENOSPC')
    return new SetupError(`the disk filled up while npm installed ${what}`, [`Free about 700 MB ${again}`]);
  if (code === 'EUSAGE' && /in sync/.test(output)) {
    const first = /(?:Missing|Invalid): .*/.exec(output)?.[0] ?? 'npm does not say how';
    return new SetupError(`package.json and package-lock.json do not agree (${first})`, [
      'Run npm install --package-lock-only, then node tools/setup/complete-lock.mjs, and commit the new package-lock.json.',
    ]);
  }
  if (code === 'EINTEGRITY')
    return new SetupError(
      `npm got a package that differs from the one in package-lock.json, so ${what} is not installed`,
      [`Try again; if it stays so, run npm cache verify, ${again}`],
    );
  if (/^(EACCES|EPERM|EROFS)$/.test(code))
    return new SetupError(`npm may not write here (${code})`, [
      `Give yourself the right to write this folder and npm's cache, ${again}`,
    ]);
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line) && !/complete log/.test(line));
  return new SetupError(`npm could not install ${what}: ${lastLines(lines.join('\n') || output, 2)}`, [
    'Run npm ci --ignore-scripts in this folder to see all that npm says.',
  ]);
}
