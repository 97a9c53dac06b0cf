import { accessSync, constants } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { TrialConfigSchema } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { freeMemory } from '../../engine/free-memory.ts';
import { estimateTrialMemory } from '../../engine/worker-count.ts';
import { DEFAULT_PORT } from '../../server/listen.ts';
import { formatBytes } from '../output/plan-text.ts';
import { pageDirectory } from '../run/page-directory.ts';
import { type Check, result } from './check.ts';

/** Oldest Node that works, as `engines` of package.json says. */
const OLDEST_NODE = [20, 20] as const;
/** Disk below which a sweep is likely to end for want of it, in bytes: a ledger, and checkpoints of MobileNetV2. */
const LITTLE_DISK = 2 ** 30;
const TOO_LITTLE_DISK = 50 * 2 ** 20;

const node: Check = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const advice = `install Node ${OLDEST_NODE.join('.')} or newer`;
  return result('Node', process.version, isOld ? { status: 'failed', advice } : undefined);
};

const cores: Check = () => result('cores', `${availableParallelism()}: as many trials at a time, where memory allows`);

const memory: Check = () => {
  const free = freeMemory();
  const need = estimateTrialMemory(v.parse(TrialConfigSchema, {}));
  const found = `${formatBytes(free)} free; a trial of MobileNetV2 at 32×32 takes about ${formatBytes(need)}`;
  const advice = 'end other programs, or use a smaller alpha, batchSize or data.imageSize';
  return result('memory', found, free < 2 * need ? { status: 'warning', advice } : undefined);
};

const disk: Check = async () => {
  const folder = process.cwd();
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return result('disk', `${folder} cannot be written`, {
      status: 'failed',
      advice: 'change to a folder of yours, or use l2bn run --output',
    });
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const status = free < TOO_LITTLE_DISK ? 'failed' : 'warning';
  const advice = 'free some, or use l2bn run --output on another disk: results and checkpoints go there';
  return result('disk', `${formatBytes(free)} free here`, free < LITTLE_DISK ? { status, advice } : undefined);
};

const sqlite: Check = async () => {
  try {
    const { Sqlite } = await import('../../ledger/sqlite.ts');
    const database = new Sqlite(':memory:');
    const row = database.prepare('SELECT sqlite_version() AS version').get() as unknown as { version: string };
    database.close();
    return result('SQLite', row.version);
  } catch (error) {
    return result('SQLite', error instanceof Error ? error.message : String(error), {
      status: 'failed',
      advice: 'npm install again, on this machine: the package holds one binary for each system',
    });
  }
};

const page: Check = () => {
  try {
    pageDirectory();
    return result('page', 'built');
  } catch (error) {
    return result('page', error instanceof Error ? error.message : String(error), {
      status: 'warning',
      advice: 'npm run build in a clone, or l2bn run --no-page',
    });
  }
};

const port: Check = async () => {
  const server = createServer();
  const code = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(DEFAULT_PORT, '127.0.0.1', () => resolve(undefined));
  });
  if (code === undefined) await new Promise((closed) => server.close(closed));
  const name = `port ${DEFAULT_PORT}`;
  if (code === undefined) return result(name, 'free');
  const found = code === 'EADDRINUSE' ? 'in use, by the page of another sweep perhaps' : code;
  return result(name, found, { status: 'warning', advice: 'nothing: l2bn run takes a free one, or --port' });
};

/** What can be checked without TensorFlow, quickest first. */
export const CHECKS: readonly Check[] = [node, cores, memory, disk, sqlite, page, port];
