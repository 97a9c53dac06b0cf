import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { ARMS, MAIN } from './small-sweeps.ts';

const LONG = ['run', 'arms.yaml', 'epochs=2000', 'l2=1e-3', 'batchNorm=true', 'workers=1', '--no-page'];
const STACK = /\n {4}at /;

describe('l2bn run', () => {
  it.each([
    ['Ctrl-C', 'SIGINT', 130],
    ['a terminal that is closed', 'SIGHUP', 129],
    ['kill', 'SIGTERM', 143],
  ] as const)('stops with its state kept at %s, and goes on with the same command', async (_, signal, code) => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    const words = ['run', 'arms.yaml', 'epochs=120', 'l2=1e-3', '--no-page'];
    const run = l2bn(words, { cwd });
    await run.saw(/epoch 1\/120/);
    run.child.kill(signal);
    expect(await run.ended, run.stderr).toBe(code);
    expect(run.stdout).toContain('\nStopped. To go on: l2bn run sweeps/arms\n');
    const stopped = readLedger(join(cwd, 'sweeps/arms')).state;
    expect(stopped.phase).toBe('stopped');
    const interrupted = stopped.trials.filter(({ status }) => status === 'interrupted');
    expect(Math.max(...interrupted.map(({ checkpoint }) => checkpoint?.epoch ?? -1))).toBeGreaterThanOrEqual(1);

    const again = l2bn(words, { cwd });
    expect(await again.ended, again.stderr).toBe(0);
    expect(again.stderr).toContain('(checkpoint of epoch');
    expect(readLedger(join(cwd, 'sweeps/arms')).state.counts.done).toBe(stopped.trials.length);
  });

  it('does not train into a ledger that somebody has deleted', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    const run = l2bn(LONG, { cwd });
    await run.saw(/epoch 1\/2000/);
    rmSync(join(cwd, 'sweeps/arms/ledger.db'));
    expect(await run.ended, run.stderr).toBe(3);
    expect(run.stderr).toMatch(/ledger\.db was deleted or moved away\. .*To go on .* then: l2bn run sweeps\/arms$/m);
    expect(run.stderr).not.toMatch(STACK);
  });

  it('sets nothing aside while another process writes it', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    const run = l2bn(LONG, { cwd });
    await run.saw(/epoch 1\/2000/);
    const fresh = l2bn([...LONG, '--fresh'], { cwd });
    expect(await fresh.ended).toBe(3);
    expect(fresh.stderr).toContain('another l2bn writes');
    run.child.kill('SIGINT');
    expect(await run.ended, run.stderr).toBe(130);
  });

  it('says what to do with a lock that is none', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    mkdirSync(join(cwd, 'sweeps/arms'), { recursive: true });
    writeFileSync(
      join(cwd, 'sweeps/arms/writer.lock'),
      'not a database, and long enough to be taken for one'.repeat(40),
    );
    const run = l2bn(LONG, { cwd });
    expect(await run.ended).toBe(2);
    expect(run.stderr).toMatch(/writer\.lock: got a file that is not the lock of l2bn, want none: delete it/);
  });

  it('refuses to run with no workers', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    const run = l2bn([...LONG, '--workers', '0'], { cwd });
    expect(await run.ended).toBe(2);
    expect(run.stderr).toContain('got 0, want a whole number ≥ 1');
  });

  it('says in words that a folder cannot be used', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    const deep = join(...Array.from({ length: 4 }, () => 'd'.repeat(200)));
    for (const output of ['arms.yaml/below', deep]) {
      const run = l2bn([...LONG, '--output', output], { cwd });
      expect(await run.ended).toBe(3);
      expect(run.stderr).not.toMatch(STACK);
    }
  });
});

describe.runIf(process.platform === 'linux')('an output that cannot be written', () => {
  it('ends what only shows, in words, and not what trains', () => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    const intoFull = (command: string) =>
      spawnSync('sh', ['-c', `"$0" "$1" ${command} > /dev/full`, process.execPath, MAIN], { cwd, encoding: 'utf8' });
    const run = intoFull('run arms.yaml l2=0 batchNorm=true --no-page --json');
    expect(run.status, run.stderr).toBe(0);
    const table = intoFull('table arms');
    expect(table.status).toBe(3);
    expect(table.stderr).toMatch(/^l2bn: the output cannot be written: ENOSPC/);
    expect(table.stderr).not.toMatch(STACK);
  });

  it('shows results whose source.json is damaged', async () => {
    const cwd = folderWith({ 'arms.yaml': ARMS });
    expect(await l2bn(['run', 'arms.yaml', 'l2=0', 'batchNorm=true', '--no-page'], { cwd }).ended).toBe(0);
    writeFileSync(join(cwd, 'sweeps/arms/source.json'), '{');
    expect(await l2bn(['status', 'arms'], { cwd }).ended).toBe(0);
  });
});
