import * as v from 'valibot';

/** What can be asked of a running sweep, from another terminal or through the server. */
export const ControlCommandSchema = v.variant('do', [
  /** Running trials go on, no new ones start. */
  v.object({ do: v.literal('pause') }),
  /** Ends a pause. */
  v.object({ do: v.literal('resume') }),
  /** Running trials end at their next step, then the sweep; the same command goes on from the checkpoints. */
  v.object({ do: v.literal('stop') }),
  /** Drops a trial: it is not run, or not any further. */
  v.object({ do: v.literal('cancel'), trial: v.string() }),
  /** Puts a failed, cancelled or pruned trial back, or all that failed or were cancelled. */
  v.object({ do: v.literal('retry'), trial: v.nullable(v.string()) }),
  /** How many trials run at the same time from now on; refused above `ServerFacts.maxWorkers`. */
  v.object({ do: v.literal('workers'), count: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
]);

export type ControlCommand = v.InferOutput<typeof ControlCommandSchema>;

/** `text` is for people: what will happen, or why it cannot. */
export interface ControlReply {
  ok: boolean;
  text: string;
}

export type Control = (command: ControlCommand) => ControlReply;
