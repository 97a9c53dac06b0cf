import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWithResults, MAIN, type SweepsFolder } from './small-sweeps.ts';

let results: SweepsFolder;
beforeAll(() => {
  results = folderWithResults('arms', 'mixed');
});
afterAll(() => results.remove());

async function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  const command = l2bn(args, { cwd: results.folder, env: { NO_COLOR: undefined, FORCE_COLOR: undefined, ...env } });
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

const jsonLines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const stateOf = (name: string) => readLedger(join(results.folder, 'sweeps', name)).state;

describe('l2bn status', () => {
  it('ends with 0 for a complete sweep, found by its name', async () => {
    const { code, stdout, stderr } = await run(['status', 'arms']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe('✓ arms · finished · 4/4 ended\n  4 done\n');
  });

  it('ends with 1 where trials failed, and says how to run each of them again', async () => {
    const { code, stdout } = await run(['status', 'sweeps/mixed']);
    expect(code).toBe(1);
    expect(stdout).toContain('✕ mixed · finished · 4/4 ended\n  1 done · 1 diverged · 2 failed\n');
    expect(stdout).toMatch(
      /diverged \(a result, not a failure\)\n {2}! [0-9a-f]+-s1 alpha=1 · learningRate=1e20: at step \d+/,
    );
    const again = stdout.match(/again: l2bn (.*alpha=2 learningRate=0\.05 .*)/)![1]!;
    const repeated = await run([...again.split(' '), '--no-page']);
    expect(repeated.code).toBe(1);
    const name = again.match(/name=(\S+)/)![1]!;
    const failed = stateOf('mixed').trials.find(({ id }) => stateOf(name).trials[0]!.id === id);
    expect(stateOf(name).trials).toHaveLength(1);
    expect(failed?.failure?.error).toBe(stateOf(name).trials[0]!.failure!.error);
    expect(failed?.failure?.error).toContain('no network that wide');
  });

  it('says of a run of what has failed that it is not run again, and how it would be', async () => {
    const before = stateOf('mixed').seq;
    const { code, stdout, stderr } = await run(['run', 'mixed', '--no-page']);
    expect(code).toBe(1);
    expect(stderr).toContain('2 of 4 trials failed (l2bn retry sweeps/mixed puts back what failed), none is left;');
    expect(stdout.match(/^ {2}again: l2bn run mixed\.yaml alpha=2 .*$/gm)).toHaveLength(2);
    expect(stdout).toContain(
      '\nOnce mended: l2bn retry sweeps/mixed puts back what failed, l2bn run sweeps/mixed then',
    );
    expect(stateOf('mixed').seq).toBe(before);
  });

  it('gives one JSON object', async () => {
    const { code, stdout } = await run(['status', 'mixed', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      folder: 'sweeps/mixed',
      complete: false,
      phase: 'finished',
      total: 4,
      counts: { done: 1, diverged: 1, failed: 2, running: 0 },
      running: [],
      failed: [{ cell: { alpha: 2, learningRate: 0.05 }, seed: 1, attempts: 1 }, { cell: { alpha: 2 } }],
    });
  });

  it.each([
    [{}, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('has colours with %j in a pipe: %s', async (env, colored) => {
    const { stdout } = await run(['status', 'arms'], env);
    expect(stdout.includes(String.fromCharCode(27))).toBe(colored);
  });

  it('has no colours with --no-color, wherever it stands', async () => {
    for (const args of [
      ['status', 'arms', '--no-color'],
      ['--no-color', 'status', 'arms'],
    ]) {
      const { code, stdout } = await run(args, { FORCE_COLOR: '1' });
      expect(code).toBe(0);
      expect(stdout).not.toContain(String.fromCharCode(27));
    }
  });

  it('marks failures on GitHub Actions', async () => {
    const { stderr } = await run(['status', 'mixed'], { GITHUB_ACTIONS: 'true' });
    expect(stderr.match(/^::error title=trial failed%3A alpha=2 · learningRate=[^:]*::/gm)).toHaveLength(2);
  });

  it('says which sweep it took when none is named', async () => {
    const { stderr } = await run(['status']);
    expect(stderr).toMatch(/^sweeps\/\S+ \(the newest of \d sweeps\)\n$/);
  });
});

describe('l2bn watch', () => {
  it('ends at once for a sweep that has ended, with the exit code of its status', async () => {
    expect(await run(['watch', 'arms'])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^\S+ arms: finished, 4\/4 ended \(sweeps\/arms\)\n$/),
    });
    expect((await run(['watch', 'mixed'])).code).toBe(1);
  });
});

describe('l2bn table', () => {
  it('shows a line for each cell', async () => {
    const { code, stdout } = await run(['table', 'arms']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^BN · λ=1e-3 /m);
    expect(stdout).toContain('no BN · λ=1e-3');
  });

  it('gives a JSON object for each trial: cell, seed, state, attempts and final metrics', async () => {
    const { stdout } = await run(['table', 'mixed', '--json']);
    const rows = jsonLines(stdout);
    expect(rows.map(({ cell, seed, state, attempts }) => ({ cell, seed, state, attempts }))).toEqual([
      { cell: { alpha: 1, learningRate: 0.05 }, seed: 1, state: 'done', attempts: 1 },
      { cell: { alpha: 1, learningRate: 1e20 }, seed: 1, state: 'diverged', attempts: 1 },
      { cell: { alpha: 2, learningRate: 0.05 }, seed: 1, state: 'failed', attempts: 1 },
      { cell: { alpha: 2, learningRate: 1e20 }, seed: 1, state: 'failed', attempts: 1 },
    ]);
    expect(rows.map(({ error }) => error !== null)).toEqual([false, false, true, true]);
    expect(rows[0].validation.accuracy).toBe(stateOf('mixed').trials[0]!.epochs.at(-1)!.validation.accuracy);
  });

  it('ends quietly when its reader has enough', () => {
    const script = 'set -o pipefail; "$0" "$1" export arms --what steps --json | head -1';
    const output = execFileSync('bash', ['-c', script, process.execPath, MAIN], {
      cwd: results.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(JSON.parse(output)).toMatchObject({ step: 0, batchNorm: true });
  });
});

describe('l2bn export', () => {
  it('writes trials, epochs and steps with the cell in columns', async () => {
    const [trials, epochs, steps] = await Promise.all(
      ['trials', 'epochs', 'steps'].map(async (what) => (await run(['export', 'arms', '--what', what])).stdout),
    );
    const lines = trials!.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^trial,batchNorm,l2,seed,state,attempts,/);
    expect(lines.slice(1).map((line) => line.split(',').slice(1, 5).join(' '))).toEqual([
      'true 0 1 done',
      'true 0.001 1 done',
      'false 0 1 done',
      'false 0.001 1 done',
    ]);
    expect(epochs!.trimEnd().split('\n')).toHaveLength(1 + 4 * 2);
    expect(steps!.trimEnd().split('\n')).toHaveLength(1 + 4 * 4);
  });

  it('writes the same as JSON lines, to a file', async () => {
    const { code, stdout, stderr } = await run(['export', 'arms', '-f', 'jsonl', '--what', 'epochs', '-o', 'e.jsonl']);
    expect([code, stdout, stderr]).toEqual([0, '', 'sweeps/arms → e.jsonl\n']);
    const rows = jsonLines(readFileSync(join(results.folder, 'e.jsonl'), 'utf8'));
    const expected = stateOf('arms').trials.flatMap(({ epochs }) =>
      epochs.map(({ validation }) => validation.crossEntropy),
    );
    expect(rows.map(({ validationCrossEntropy }) => validationCrossEntropy)).toEqual(expected);
  });

  it('writes an Optuna storage, but not over a file, and not to stdout', async () => {
    expect((await run(['export', 'mixed', '--format', 'optuna', '-o', 'study.db'])).code).toBe(0);
    expect(readFileSync(join(results.folder, 'study.db'), 'latin1')).toMatch(/^SQLite format 3/);
    const again = await run(['export', 'mixed', '--format', 'optuna', '-o', 'study.db']);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('got a file that is there')]);
    expect(await run(['export', 'mixed', '--format', 'optuna'])).toMatchObject({ code: 2, stdout: '' });
    expect(readdirSync(results.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes Parquet to a file, and not to stdout', async () => {
    const { code, stderr } = await run(['export', 'arms', '--format', 'parquet', '--what', 'steps', '-o', 's.parquet']);
    expect([code, stderr]).toEqual([0, 'sweeps/arms → s.parquet\n']);
    const bytes = readFileSync(join(results.folder, 's.parquet'));
    expect([bytes.toString('latin1', 0, 4), bytes.toString('latin1', bytes.length - 4)]).toEqual(['PAR1', 'PAR1']);
    const refused = await run(['export', 'arms', '--format', 'parquet']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('want a file, such as -o trials.parquet');
  });

  it('takes the format from the ending, and replaces a file only where that is said, never results', async () => {
    expect((await run(['export', 'arms', '-o', 'by-ending.parquet'])).code).toBe(0);
    expect(readFileSync(join(results.folder, 'by-ending.parquet'), 'latin1').slice(0, 4)).toBe('PAR1');
    const again = await run(['export', 'arms', '-o', 'by-ending.parquet']);
    expect([again.code, again.stderr]).toEqual([
      2,
      'by-ending.parquet: got a file that is there, want another name, or --force to replace it\n',
    ]);
    expect((await run(['export', 'arms', '-o', 'by-ending.parquet', '--force'])).code).toBe(0);
    for (const kept of ['sweeps/arms/ledger.db', 'sweeps/mixed/plan.json', 'arms.yaml', 'net.mjs']) {
      const before = readFileSync(join(results.folder, kept));
      const refused = await run(['export', 'arms', '-o', kept, '--force']);
      expect([refused.code, refused.stdout]).toEqual([2, '']);
      expect(readFileSync(join(results.folder, kept)).equals(before)).toBe(true);
    }
    expect(await run(['export', 'arms', '--json', '-f', 'parquet', '-o', 'x.parquet'])).toMatchObject({
      code: 2,
      stderr: '--json: got it beside --format parquet, want one of them: --json is jsonl\n',
    });
    expect((await run(['export', 'arms', '-f', 'parquet', '--what', 'epochs'])).stderr).toContain('-o epochs.parquet');
  });

  it('refuses a format that it does not know', async () => {
    const { code, stderr } = await run(['export', 'arms', '--format', 'xml']);
    expect(code).toBe(2);
    expect(stderr).toBe('--format: got xml, want csv, jsonl, parquet or optuna\n');
  });
});
