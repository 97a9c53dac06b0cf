import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
import { CheckpointStore } from './checkpoint-store.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'l2bn-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The state after an epoch of one and the same trial. */
const checkpointOf = (epoch: number): Checkpoint => ({
  epoch,
  step: 10 * epoch,
  lastCrossEntropy: 2,
  validation: 2,
  bestValidation: 1,
  state: { step: 10 * epoch, weights: [new Float32Array([epoch, 0.5])], slots: {} },
});

const file = (folder: string, epoch: number): string => join(folder, `epoch-${epoch}.ckpt`);
const filesOf = (folder: string): string[] => readdirSync(folder).sort();
const bestOf = (folder: string): number | undefined => readCheckpoint(join(folder, 'best.ckpt'))?.epoch;

/** A folder with the checkpoints of epochs `0 … last`, as far as they are kept; `best` is one of them. */
function folderAfter(last: number, best: number): string {
  const folder = temporaryFolder();
  const store = new CheckpointStore(folder);
  for (let epoch = 0; epoch <= last; epoch++) store.save(checkpointOf(epoch), epoch === best);
  return folder;
}

/** `link` of a file system that has no hard links. */
const noLinks = (code: string) => () => {
  throw Object.assign(new Error(`${code}: no hard links here, link`), { code });
};

describe('a store of checkpoints', () => {
  it('keeps the last three and the best one, which outlives its first name', () => {
    const folder = folderAfter(6, 1);
    expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-4.ckpt', 'epoch-5.ckpt', 'epoch-6.ckpt']);
    expect(bestOf(folder)).toBe(1);
  });

  it('has what it saved, also where a trial that starts again finds files of later epochs', () => {
    const folder = folderAfter(6, 5);
    truncateSync(file(folder, 6), 10);
    const store = new CheckpointStore(folder);
    expect(store.load(6)).toBeUndefined();
    for (let epoch = 0; epoch <= 6; epoch++) {
      store.save(checkpointOf(epoch), epoch === 0 || epoch === 5);
      for (let kept = Math.max(0, epoch - 2); kept <= epoch; kept++) expect(store.load(kept)?.step).toBe(10 * kept);
      expect(filesOf(folder).length).toBe(Math.min(epoch + 1, 3) + 1);
      expect(bestOf(folder)).toBe(epoch < 5 ? 0 : 5);
    }
  });

  it.runIf(existsSync('/dev/full'))('names the file that a full disk does not take, and leaves nothing of it', () => {
    const folder = folderAfter(1, 0);
    symlinkSync('/dev/full', join(folder, 'epoch-2.ckpt.tmp'));
    expect(() => new CheckpointStore(folder).save(checkpointOf(2), false)).toThrow(
      /^ENOSPC: no space left on device, write '.*epoch-2\.ckpt\.tmp'$/,
    );
    expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-0.ckpt', 'epoch-1.ckpt']);
  });

  it('leaves nothing at the end that was half written when an attempt was killed', () => {
    const folder = folderAfter(4, 2);
    const half = ['epoch-5.ckpt.tmp', 'epoch-4-stopped.ckpt.tmp', 'best.tmp'];
    for (const name of [...half, 'epoch-4-stopped.ckpt', 'notes.tmp']) writeFileSync(join(folder, name), '');
    new CheckpointStore(folder).keepLastAndBest();
    expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-4.ckpt', 'notes.tmp']);
  });

  it('goes on from an epoch before the last one, whose files give way', () => {
    const folder = folderAfter(6, 6);
    const store = new CheckpointStore(folder);
    expect(store.load(4)?.step).toBe(40);
    store.save(checkpointOf(5), false);
    expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-4.ckpt', 'epoch-5.ckpt']);
    // The best weights seen are worth having, also of an epoch that is trained again.
    expect(bestOf(folder)).toBe(6);
  });

  it('makes room before it writes', () => {
    const folder = folderAfter(6, 6);
    // Takes the place of the temporary file, so that nothing can be written.
    mkdirSync(`${file(folder, 0)}.tmp`);
    expect(() => new CheckpointStore(folder).save(checkpointOf(0), true)).toThrow('EISDIR');
    expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-0.ckpt.tmp']);
  });

  it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])(
    'copies the best one where links fail with %s',
    (code) => {
      const folder = temporaryFolder();
      const store = new CheckpointStore(folder, { link: noLinks(code) });
      for (let epoch = 0; epoch <= 5; epoch++) store.save(checkpointOf(epoch), epoch < 2);
      expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-3.ckpt', 'epoch-4.ckpt', 'epoch-5.ckpt']);
      expect(readCheckpoint(join(folder, 'best.ckpt'))).toEqual(checkpointOf(1));
    },
  );

  it('takes a checkpoint back that it cannot keep as the best one, and leaves those before', () => {
    const folder = folderAfter(2, 2);
    const store = new CheckpointStore(folder, { link: noLinks('EIO') });
    for (const epoch of [3, 4, 5]) expect(() => store.save(checkpointOf(epoch), true)).toThrow('EIO');
    expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-0.ckpt', 'epoch-1.ckpt', 'epoch-2.ckpt']);
    expect(bestOf(folder)).toBe(2);
    store.save(checkpointOf(6), false);
    expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-1.ckpt', 'epoch-2.ckpt', 'epoch-6.ckpt']);
  });

  it('leaves the last and the best one of a trial that has ended', () => {
    const folder = folderAfter(6, 1);
    new CheckpointStore(folder).keepLastAndBest();
    expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-6.ckpt']);
    expect(() => new CheckpointStore(join(folder, 'none')).keepLastAndBest()).not.toThrow();
  });
});

/** The state at a later step of the epoch after `epoch`. */
const stoppedAfter = (epoch: number, step: number): Checkpoint => ({
  ...checkpointOf(epoch),
  step,
  begun: { batches: step - 10 * epoch, sum: { images: 64, crossEntropy: 1 / 3, penalty: 0.1, correct: 7 } },
});

describe('a store whose record lags behind', () => {
  it('keeps what the record names, and no more than that and the last three', () => {
    const folder = temporaryFolder();
    let recorded = -1;
    const store = new CheckpointStore(folder, { recorded: () => recorded });
    for (let epoch = 0; epoch <= 40; epoch++) {
      store.save(checkpointOf(epoch), epoch === 0);
      if (epoch <= 30) recorded = epoch - 1;
    }
    expect(filesOf(folder)).toEqual(['best.ckpt', ...[29, 38, 39, 40].map((epoch) => `epoch-${epoch}.ckpt`)]);
    // The record comes up to 35, whose file is gone: what it names is not there, but one before it is.
    const { checkpoint, problem } = store.find({ epoch: 35, step: 350 });
    expect([checkpoint?.epoch, problem]).toEqual([29, 'epoch-35.ckpt is missing; going on after epoch 29']);
    recorded = 35;
    store.save(checkpointOf(41), false);
    expect(store.load(29)?.step).toBe(290);
    recorded = 41;
    store.save(checkpointOf(42), false);
    expect(filesOf(folder)).toEqual(['best.ckpt', ...[40, 41, 42].map((epoch) => `epoch-${epoch}.ckpt`)]);
  });
});

describe('the state of a trial that was stopped inside an epoch', () => {
  it('is found by its step, and stays until a later epoch is recorded', () => {
    const folder = temporaryFolder();
    let recorded = 2;
    const store = new CheckpointStore(folder, { recorded: () => recorded });
    for (let epoch = 0; epoch <= 2; epoch++) store.save(checkpointOf(epoch), false);
    store.save(stoppedAfter(2, 23), false);
    store.save(stoppedAfter(2, 27), false);
    expect(filesOf(folder)).toEqual(['epoch-0.ckpt', 'epoch-1.ckpt', 'epoch-2-stopped.ckpt', 'epoch-2.ckpt']);
    expect(store.find({ epoch: 2, step: 27 })).toEqual({ checkpoint: stoppedAfter(2, 27), problem: undefined });
    expect(store.find({ epoch: 2, step: 20 })).toEqual({ checkpoint: checkpointOf(2), problem: undefined });
    expect(store.find({ epoch: 2 }).checkpoint).toEqual(checkpointOf(2));
    expect(store.find({ epoch: 2, step: 23 })).toEqual({
      checkpoint: checkpointOf(2),
      problem: 'epoch-2-stopped.ckpt holds step 27, not 23; going on after epoch 2',
    });

    store.save(checkpointOf(3), false);
    expect(store.find({ epoch: 2, step: 27 }).problem).toBeUndefined();
    recorded = 3;
    store.save(checkpointOf(4), false);
    expect(filesOf(folder)).toEqual(['epoch-2.ckpt', 'epoch-3.ckpt', 'epoch-4.ckpt']);
  });

  it('gives way to the epoch that it came after, and goes with the end of the trial, half-written or whole', () => {
    const folder = folderAfter(2, 0);
    const store = new CheckpointStore(folder);
    store.save(stoppedAfter(2, 27), false);
    writeFileSync(join(folder, 'epoch-2-stopped.ckpt.tmp'), 'half');
    store.save(checkpointOf(2), false);
    expect(filesOf(folder).filter((name) => name.includes('stopped'))).toEqual([]);
    store.save(stoppedAfter(2, 27), false);
    store.keepLastAndBest();
    expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-2.ckpt']);
  });
});

describe('a store', () => {
  it('makes its own folder and none above it', () => {
    const above = join(temporaryFolder(), 'checkpoints');
    const store = new CheckpointStore(join(above, 'trial'));
    expect(() => store.save(checkpointOf(0), false)).toThrow('ENOENT');
    expect(existsSync(above)).toBe(false);
    mkdirSync(above);
    store.save(checkpointOf(0), false);
    expect(store.load(0)?.step).toBe(0);
  });
});

describe('finding what to go on from', () => {
  it('falls back to the last whole one, past what is damaged or of another trial, and says why', () => {
    const folder = temporaryFolder();
    const owner = { trial: 'a-s1', seed: 1 };
    const store = new CheckpointStore(folder, { owner });
    // As an older version wrote it.
    new CheckpointStore(folder).save(checkpointOf(0), false);
    for (const epoch of [1, 2]) store.save(checkpointOf(epoch), false);
    for (const epoch of [0, 1, 2]) expect(store.find({ epoch }).checkpoint).toEqual(checkpointOf(epoch));
    expect(readCheckpoint(file(folder, 2))?.owner).toEqual(owner);

    truncateSync(file(folder, 2), 20);
    expect(store.find({ epoch: 2 })).toEqual({
      checkpoint: checkpointOf(1),
      problem: 'epoch-2.ckpt is damaged; going on after epoch 1',
    });
    for (const other of [
      { trial: 'b-s1', seed: 1 },
      { trial: 'a-s1', seed: 2 },
    ]) {
      writeCheckpoint(file(folder, 1), { ...checkpointOf(1), owner: other });
      expect(store.load(1)).toBeUndefined();
      expect(store.find({ epoch: 1 })).toEqual({
        checkpoint: checkpointOf(0),
        problem: `epoch-1.ckpt is of another trial (${other.trial}, seed ${other.seed}); going on after epoch 0`,
      });
    }
    writeFileSync(file(folder, 0), '');
    expect(store.find({ epoch: 2 })).toEqual({
      checkpoint: undefined,
      problem: 'epoch-2.ckpt is damaged; starting from nothing',
    });
  });

  it('never takes a later one, whose events nobody has recorded', () => {
    const store = new CheckpointStore(folderAfter(6, 6));
    expect(store.find({ epoch: 3 }).checkpoint).toBeUndefined();
  });

  it('reads files of version 1', () => {
    const folder = folderAfter(0, 1);
    const content = readFileSync(file(folder, 0)).subarray(0, -32);
    content.write('L2BNCKP1');
    writeFileSync(file(folder, 0), Buffer.concat([content, createHash('sha256').update(content).digest()]));
    expect(new CheckpointStore(folder).load(0)).toEqual(checkpointOf(0));
    content.write('L2BNCKP9');
    writeFileSync(file(folder, 0), Buffer.concat([content, createHash('sha256').update(content).digest()]));
    expect(new CheckpointStore(folder).load(0)).toBeUndefined();
  });
});

describe('loading', () => {
  it('takes what is missing or torn for nothing', () => {
    const folder = folderAfter(2, 0);
    const store = new CheckpointStore(folder);
    expect(store.load(3)).toBeUndefined();
    expect(new CheckpointStore(join(folder, 'none')).load(0)).toBeUndefined();
    expect(new CheckpointStore(file(folder, 0)).load(0)).toBeUndefined();
    truncateSync(file(folder, 2), statSync(file(folder, 2)).size - 1);
    expect(store.load(2)).toBeUndefined();
    writeFileSync(file(folder, 2), '');
    expect(store.load(2)).toBeUndefined();
    copyFileSync(file(folder, 1), file(folder, 2));
    expect(store.load(2)).toBeUndefined();
    expect(store.load(1)).toEqual(checkpointOf(1));
  });

  it('does not take what cannot be read for nothing: training it again would cost the user hours', () => {
    const folder = folderAfter(2, 0);
    rmSync(file(folder, 2));
    mkdirSync(file(folder, 2));
    expect(() => new CheckpointStore(folder).load(2)).toThrow('EISDIR');
  });

  it.skipIf(process.getuid?.() === 0)('nor what may not be read', () => {
    const folder = folderAfter(2, 0);
    chmodSync(file(folder, 2), 0);
    expect(() => new CheckpointStore(folder).load(2)).toThrow('EACCES');
  });
});
