import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Checkpoint, readCheckpoint } from './checkpoint-file.ts';
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
      const store = new CheckpointStore(folder, noLinks(code));
      for (let epoch = 0; epoch <= 5; epoch++) store.save(checkpointOf(epoch), epoch < 2);
      expect(filesOf(folder)).toEqual(['best.ckpt', 'epoch-3.ckpt', 'epoch-4.ckpt', 'epoch-5.ckpt']);
      expect(readCheckpoint(join(folder, 'best.ckpt'))).toEqual(checkpointOf(1));
    },
  );

  it('takes a checkpoint back that it cannot keep as the best one, and leaves those before', () => {
    const folder = folderAfter(2, 2);
    const store = new CheckpointStore(folder, noLinks('EIO'));
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
