import { DataConfigSchema, TrialConfigSchema } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { NOTES } from '../../plan/key-notes.ts';
import { PruningSchema } from '../../plan/pruning.ts';
import { SweepFileSchema } from '../../plan/sweep-file.ts';

/** Keys that stand in the file uncommented, with these values. */
const SET = {
  model: 'mobileNetV2',
  // At the default, 0.99, the moving statistics are still two thirds what they began with after an epoch of 45 steps.
  batchNormMomentum: 0.9,
  optimizer: 'sgd',
  learningRate: 0.1,
  epochs: 10,
  batchSize: 32,
};
const SET_DATA = { source: 'digits', imageSize: 32 };
const SET_PRUNING = { rule: 'median' };
/** Keys of the sweep file that the template writes out by hand. */
const WRITTEN_OUT = ['$schema', 'name', 'config', 'axes', 'samples', 'seeds', 'exclude', 'cells', 'pruning'];
/** Where notes start. */
const NOTE_COLUMN = 34;

type Entries = v.ObjectEntries;

/**
 * A sweep file to start from: the article's sweep, with every other key commented out at its default.
 *
 * @param name Of the sweep.
 * @param schema Path of the JSON Schema from the file on, for editors.
 * @param file Path of the file, as a shell takes it.
 */
export function sweepTemplate(name: string, schema: string, file: string): string {
  const { data: _, ...config } = TrialConfigSchema.entries;
  const axes = ['batchNorm', 'l2'];
  const flat = Object.fromEntries(Object.entries(config).filter(([key]) => !axes.includes(key)));
  const own = Object.fromEntries(
    Object.entries(SweepFileSchema.entries as Entries).filter(([key]) => !WRITTEN_OUT.includes(key)),
  );
  return `# yaml-language-server: $schema=${schema}
#
# A sweep: every combination of the axes is a cell, and every cell is trained once for every seed.
#   l2bn plan ${file}       shows what it would run, and how long that takes
#   l2bn run ${file}        runs it; the same command goes on where it stopped
#   l2bn validate ${file}   says what is wrong with it
# Any key can be set on the command line as well: l2bn run ${file} l2=0,1e-4 epochs=3

# Of the sweep. Its results go to sweeps/${name}.
name: ${name}

# What all trials share. A key in a comment stands at its default, or with nothing behind it has none.
config:
${keyLines(flat, SET, { indent: '  ' })}
  data:
${keyLines(DataConfigSchema.entries, SET_DATA, { indent: '    ', path: 'data.' })}

# What is swept: any key of config, dotted below data (data.imageSize). A list of values, or
#   { linear: [0.1, 0.5], points: 5 }               values at equal distances
#   { log: [1e-5, 1e-2], points: 4, zero: true }    at equal ratios, and an exact 0
#   { logUniform: [1e-5, 1e-2], samples: 8 }        spread evenly by ratio; more samples later keep these
#   { values: [0.9, 0.99], when: { optimizer: [momentum, nesterov] } }    only where that holds
axes:
  batchNorm: [true, false]
  l2: { log: [1e-5, 1e-2], points: 4, zero: true }

# Points of several keys at once, spread evenly, each run with every combination of the axes.
# samples:
#   count: 16
#   axes: { learningRate: { logUniform: [1e-3, 1] }, alpha: [0.35, 0.5, 1] }

# Combinations to leave out: each entry takes the cells that have all of its values.
# exclude:
#   - { batchNorm: false, l2: 1e-2 }

# Cells beside these combinations, each by what it changes of config.
# cells:
#   - { batchNorm: true, l2: 5e-3 }

# A number of seeds, or a list of them.
seeds: 1

# Ends trials that fall behind others of their arm; off as it stands.
# pruning:
${keyLines(PruningSchema.options[0].entries, SET_PRUNING, { indent: '#   ', off: '', path: 'pruning.' })}
#   or { rule: asha, minEpochs: 1, reductionFactor: 3 }: successive halving; after 1, 3, 9, … epochs the best third goes on

${keyLines(own, {})}
`;
}

interface KeyLineOptions {
  indent?: string;
  /** Stands before a key that is not set. @defaultValue a comment's mark */
  off?: string;
  /** Of the keys, in the notes. */
  path?: string;
}

function keyLines(
  entries: Entries,
  set: Record<string, unknown>,
  { indent = '', off = '# ', path = '' }: KeyLineOptions = {},
): string {
  return Object.entries(entries)
    .map(([key, schema]) => {
      const isSet = key in set;
      const value = isSet ? set[key] : v.getDefault(schema as v.GenericSchema);
      const line = `${indent}${isSet ? '' : off}${key}:${value === undefined ? '' : ` ${scalar(value)}`}`;
      const note = NOTES[path + key];
      return note === undefined ? line : `${line.padEnd(NOTE_COLUMN)} # ${note}`;
    })
    .join('\n');
}

const scalar = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
