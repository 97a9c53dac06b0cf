import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent, SweepState, TrialState } from '@l2bn/core/sweep';
import { initialState, SweepReducer } from '@l2bn/core/sweep';
import { readEvents, readLedger } from '@l2bn/runner';
import { expect } from 'vitest';
import { type Command, l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { printedEvents } from '../support/recorded.ts';

export interface SweepShape {
  name: string;
  epochs: number;
  /** More lines of the sweep file. */
  more?: string;
}

/**
 * Four arms of a small network, with an optimizer that has a state: that makes checkpoints three times as large, and as long
 * to write. What is done to a sweep of this kind must not change a bit of its results.
 */
export const sweepFile = ({ name, epochs, more = '' }: SweepShape): string => `
name: ${name}
config:
  model: smallConvNet
  optimizer: adam
  learningRate: 0.005
  epochs: ${epochs}
  data: { source: synthetic, imageSize: 16, channels: 1, classes: 4, images: 400 }
axes: { batchNorm: [true, false], l2: [0, 1e-3] }
workers: 2
${more}
`;

export interface PreparedSweep {
  /** Working folder, with the sweep file. */
  cwd: string;
  /** Folder of results. */
  folder: string;
  arguments: string[];
}

export function prepare(shape: SweepShape): PreparedSweep {
  const cwd = folderWith({ 'sweep.yaml': sweepFile(shape) });
  return { cwd, folder: join(cwd, 'sweeps', shape.name), arguments: ['run', 'sweep.yaml', '--json'] };
}

export const stateIn = (folder: string): SweepState => readLedger(folder).state;

/** All of a sweep that a fault must not change: every number but the times. */
export function results(folder: string) {
  const withoutTime = ({ elapsed: _, ...epoch }: TrialState['epochs'][number]) => epoch;
  return stateIn(folder).trials.map(({ id, status, weightsHash, curve, epochs }) => ({
    id,
    status,
    weightsHash,
    curve,
    epochs: epochs.map(withoutTime),
  }));
}

export type SweepResults = ReturnType<typeof results>;

const references = new Map<number, SweepResults>();

/** What comes out when nothing happens. */
export async function undisturbed(epochs: number): Promise<SweepResults> {
  const known = references.get(epochs);
  if (known !== undefined) return known;
  const { cwd, folder, arguments: args } = prepare({ name: 'undisturbed', epochs });
  const run = l2bn([...args, '--no-page'], { cwd });
  expect(await run.ended, run.stderr).toBe(0);
  const reference = results(folder);
  references.set(epochs, reference);
  return reference;
}

/** Nothing that was acknowledged is lost or changed, and no event is missing between two others. */
export function expectAcknowledgedIn(folder: string, acknowledged: Iterable<RecordedEvent>): RecordedEvent[] {
  // Who is killed before he has made a ledger has said nothing.
  const records = existsSync(join(folder, 'ledger.db')) ? readEvents(folder) : [];
  expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
  for (const record of acknowledged) expect(records[record.seq - 1]).toEqual(record);
  return records;
}

/** Every trial has its result, and has it once. */
export function expectEveryTrialOnce(folder: string): void {
  const records = readEvents(folder);
  const { trials, counts } = stateIn(folder);
  expect(counts.done).toBe(trials.length);
  for (const { id } of trials) {
    expect(records.filter(({ event }) => event.type === 'done' && event.trial === id)).toHaveLength(1);
  }
}

/** Runs on to the end what faults have left, and compares all of it with what comes out undisturbed. */
export async function expectUnharmed(sweep: PreparedSweep, run: Command, reference: SweepResults) {
  expect(await run.ended, run.stderr).toBe(0);
  expectAcknowledgedIn(sweep.folder, printedEvents(run));
  expectEveryTrialOnce(sweep.folder);
  expect(results(sweep.folder)).toEqual(reference);
}

/** The state after the event `seq`, from the ledger alone, as JSON carries it. */
export function stateAt(folder: string, seq: number): SweepState {
  const reducer = new SweepReducer(initialState(stateIn(folder).plan));
  for (const record of readEvents(folder)) if (record.seq <= seq) reducer.apply(record);
  return JSON.parse(JSON.stringify(reducer.state)) as SweepState;
}
