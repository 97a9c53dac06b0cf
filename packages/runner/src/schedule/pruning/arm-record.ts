import { SortedScores } from './sorted-scores.ts';

/** Scores by epoch (index); epoch 0, the state before training, is never compared. Less is better. */
export type Scores = readonly (number | undefined)[];

/** What the trials of one arm have reached, epoch by epoch. */
export class ArmRecord {
  private readonly scores = new Map<string, (number | undefined)[]>();
  private readonly finished = new Set<string>();
  private readonly ofAll = new Map<number, SortedScores>();
  private readonly ofFinished = new Map<number, SortedScores>();

  get finishedTrials(): number {
    return this.finished.size;
  }

  /** An epoch that is repeated after an interruption has the same score, and counts once. */
  add(trial: string, epoch: number, score: number): void {
    const own = this.scores.get(trial) ?? [];
    this.scores.set(trial, own);
    if (own[epoch] !== undefined) return;
    own[epoch] = score;
    columnOf(this.ofAll, epoch).insert(score);
  }

  finish(trial: string): void {
    if (this.finished.has(trial)) return;
    this.finished.add(trial);
    for (const [epoch, score] of this.of(trial).entries()) {
      if (score !== undefined) columnOf(this.ofFinished, epoch).insert(score);
    }
  }

  of(trial: string): Scores {
    return this.scores.get(trial) ?? [];
  }

  /** Scores of all trials that have ended this epoch. */
  at(epoch: number): SortedScores {
    return columnOf(this.ofAll, epoch);
  }

  /** Scores that the finished trials had at this epoch. */
  finishedAt(epoch: number): SortedScores {
    return columnOf(this.ofFinished, epoch);
  }
}

function columnOf(columns: Map<number, SortedScores>, epoch: number): SortedScores {
  const column = columns.get(epoch) ?? new SortedScores();
  columns.set(epoch, column);
  return column;
}
