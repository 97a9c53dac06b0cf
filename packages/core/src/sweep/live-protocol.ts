import * as v from 'valibot';
import type { RecordedEvent } from './events.ts';
import type { SweepState, TrialState } from './state.ts';

/**
 * What server and page say to each other over the WebSocket, version 1 (subprotocol `l2bn.v1`).
 *
 * The server says `hello`; the page answers `resume` with what it has; the server replays what is missing as `batch`
 * frames, or says `snapshot` and the page fetches `/api/snapshot`. From then on `batch` frames follow each other without
 * a gap: the first event of one has the `seq` after the last event of the one before. A page that sees a gap sends
 * `resume` again. `boot` names one server process; with another one everything is fetched anew.
 */
export const LIVE_SUBPROTOCOL = 'l2bn.v1';

export const ResumeSchema = v.object({
  t: v.literal('resume'),
  /** `boot` of the server that the page last spoke to; null when it has nothing yet. */
  boot: v.nullable(v.pipe(v.string(), v.maxLength(64))),
  /** `seq` of the last event that the page has applied. */
  seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export const PageMessageSchema = v.variant('t', [ResumeSchema]);
export type Resume = v.InferOutput<typeof ResumeSchema>;
/** Page → server. */
export type PageMessage = v.InferOutput<typeof PageMessageSchema>;

/** What no event tells about the process that runs the sweep. A server that does not know one of it leaves it out. */
export interface ServerFacts {
  /** Most trials at the same time that the command `workers` can ask for. */
  maxWorkers?: number;
  /** What to type, in the folder where the sweep was started, to go on with it after this process has ended. */
  resumeCommand?: string;
  /** Modules that were edited since some results were made with them, at the start of the process. */
  mixedModels?: { model: string; older: number }[];
}

export interface Hello extends ServerFacts {
  t: 'hello';
  boot: string;
  /** Last `seq` of the server. */
  seq: number;
  /** Name of the sweep and version of l2bn. */
  sweep: string;
  version: string;
}
/** The page is to fetch `/api/snapshot` and then apply the batches that follow. */
export interface SnapshotNotice {
  t: 'snapshot';
  boot: string;
  seq: number;
}
export interface Batch {
  t: 'batch';
  /** Consecutive events, oldest first. */
  events: RecordedEvent[];
}
/** Sent every `HEARTBEAT_MS`, so that the page can tell a quiet sweep from a dead connection. */
export interface Heartbeat {
  t: 'hb';
  seq: number;
  at: number;
}
/** The server ends and closes the connection. One that is killed has no time to say so. */
export interface Goodbye {
  t: 'bye';
  /** Why the sweep cannot go on, where something has broken; null otherwise. */
  reason: string | null;
}
/** Server → page. A page ignores what it does not know. */
export type ServerMessage = Hello | SnapshotNotice | Batch | Heartbeat | Goodbye;

/** Body of `GET /api/snapshot`. */
export interface Snapshot {
  boot: string;
  state: SweepState;
  /**
   * Set where the state would be too large: the trials that have finished, without their courses, which `GET /api/courses` has
   * for when they are shown. `state.trials` then holds only those that have begun and not finished; the others are as before
   * the first event.
   */
  finished?: FinishedTrials;
}

/** Finished trials, column by column: the same item of every list is of the same trial. */
export interface FinishedTrials {
  /** Places in the plan. */
  index: number[];
  /** Properties of `TrialState` that none of the other lists tells, where one of the trials differs from one not begun. */
  state: { [Key in keyof TrialState]?: TrialState[Key][] };
  /** The last epoch, without its weights; lists of null for a trial that has none. */
  last: Record<'epoch' | 'step' | 'learningRate' | 'elapsed' | 'norm', (number | null)[]> & {
    layer: (string | null)[];
    /** Cross-entropy, penalty and accuracy; null where there was no training before. */
    train: ([number | null, number | null, number | null] | null)[];
    validation: ([number | null, number | null, number | null] | null)[];
  };
}

/** All that a trial has recorded, of the attempt that is named. */
export interface Course extends Pick<TrialState, 'index' | 'attempt' | 'epochs' | 'curve'> {}

/** Body of `GET /api/courses`: the first of the trials that were asked for, as many as fit into one answer. */
export interface CourseAnswer {
  courses: Course[];
}

export const HEARTBEAT_MS = 5_000;
/** Close code: the page was too slow and has missed frames; it is to reconnect and resume. */
export const CLOSE_LAGGED = 4008;
