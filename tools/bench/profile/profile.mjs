#!/usr/bin/env node
/**
 * `profile.mjs [SIZE …]`: where the graph engine's training step spends its time, op by op. TensorFlow's own tracing is
 * not within reach of tfjs-node, so Python runs the same graph, fed with the same values, on the same version of
 * TensorFlow and one thread.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENGINE_ENVIRONMENT } from '../../../packages/runner/dist/engine/host-process.js';
import { pythonFor } from '../python/environment.mjs';
import { prepareTask } from '../task.mjs';

const sizes = process.argv.slice(2).map(Number);
if (sizes.some((size) => !(size > 0 && size % 32 === 0))) {
  throw new Error(`got ${process.argv.slice(2).join(' ')}, want sizes that are multiples of 32`);
}
const python = await pythonFor('keras', (line) => process.stderr.write(`profile: ${line}\n`));
const env = { ...process.env, ...ENGINE_ENVIRONMENT, PYTHONDONTWRITEBYTECODE: '1' };

for (const size of sizes.length > 0 ? sizes : [32, 96]) {
  const folder = mkdtempSync(join(tmpdir(), 'l2bn-profile-'));
  try {
    const task = JSON.stringify(prepareTask(folder, size, 1));
    must(process.execPath, [place('record-graph.mjs'), folder, task]);
    process.stdout.write(`\n${size}×${size}\n`);
    must(python, [place('profile-graph.py'), folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} name */
function place(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function must(program, args) {
  const { status, signal } = spawnSync(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${args[0]} ended with ${signal ?? `exit code ${status}`}`);
}
