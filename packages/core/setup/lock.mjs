/**
 * One set-up at a time: a file that names its holder. A holder that has died does not block the next one.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { besideName, readJson } from './files.mjs';
import { say } from './report.mjs';

const POLL_MS = 200;
const BEAT_MS = 5_000;
/** A holder on another machine cannot be asked whether it lives; it is taken for dead after so long without a beat. */
const SILENCE_MS = 120_000;

/**
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    token: randomBytes(8).toString('hex'),
  });
  let told = false;
  while (!tryTake(file, mine)) {
    const holder = readJson(file);
    if (isDead(file, holder)) {
      breakLock(file, holder?.token);
      continue;
    }
    if (!told) say(`another set-up (process ${holder?.pid ?? '?'}) is at work, so this one waits for it`);
    told = true;
    await sleep(POLL_MS);
  }
  const release = () => {
    if (readText(file) === mine) rmSync(file, { force: true });
  };
  process.once('exit', release);
  const beat = setInterval(() => touch(file), BEAT_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.removeListener('exit', release);
    release();
  }
}

/**
 * The content is written first and linked into place, so that nobody ever reads a lock without its holder.
 * @param {string} file
 * @param {string} mine
 */
function tryTake(file, mine) {
  const beside = besideName(file);
  writeFileSync(beside, mine);
  try {
    linkSync(beside, file);
    return true;
  } catch (error) {
    if (/** @type {{ code?: string }} */ (error).code === 'EEXIST') return false;
    // A file system without hard links: the exclusive flag is the next best.
    return takeExclusively(file, mine);
  } finally {
    rmSync(beside, { force: true });
  }
}

/**
 * @param {string} file
 * @param {string} mine
 */
function takeExclusively(file, mine) {
  try {
    writeFileSync(file, mine, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {{ code?: string }} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} file
 * @param {{ pid?: number, host?: string, started?: string } | undefined} holder
 */
function isDead(file, holder) {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return false;
  if (holder?.host !== hostname() || typeof holder.pid !== 'number') return Date.now() - stat.mtimeMs > SILENCE_MS;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return /** @type {{ code?: string }} */ (error).code === 'ESRCH';
  }
  return holder.started !== startOf(holder.pid);
}

/** When a process began, so that a number given out again is not taken for the dead holder. Known on Linux only.
 * @param {number} pid
 */
function startOf(pid) {
  const stat = readText(`/proc/${pid}/stat`);
  // The program's name, in parentheses, may itself hold spaces; the fields that follow it do not.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/**
 * Two waiters may find the same dead holder. The slower one could move away the lock that the faster one has just
 * taken; it sees that by the token and puts it back. Were even that to fail, both would only do the same work twice:
 * all that is written under the lock is renamed into place.
 * @param {string} file
 * @param {string | undefined} token
 */
function breakLock(file, token) {
  const aside = besideName(file);
  try {
    renameSync(file, aside);
    if (readJson(aside)?.token !== token) linkSync(aside, file);
  } catch {
    // Somebody else was faster; the next try shows what is there now.
  }
  rmSync(aside, { force: true });
}

/** @param {string} file */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The folder was removed under us: then there is nothing left to protect either.
  }
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
