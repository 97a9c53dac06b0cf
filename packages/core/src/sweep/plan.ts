import type { TrialConfig } from './trial-config.ts';

/** A value that an axis can take. */
export type AxisValue = number | boolean | string;

/** One swept factor. `values` are in the order of the page's axis. */
export interface Axis {
  /** Config key, dotted below `data`: `l2`, `batchNorm`, `data.imageSize`. */
  key: string;
  /** `linear` and `log` axes are drawn to scale; a `log` axis may hold an exact 0, drawn apart. */
  scale: 'list' | 'linear' | 'log' | 'boolean';
  values: AxisValue[];
}

/** One combination of axis values, without seed. */
export interface Cell {
  /** Content hash (hex) of the resolved configuration: the same cell has the same id in every sweep. */
  id: string;
  /** Axis key → value of this cell; without the key of an axis that does not vary here (`when`), or of no value. */
  values: Record<string, AxisValue>;
  config: TrialConfig;
}

/** Cell × seed. */
export interface PlannedTrial {
  /** `<cell id>-s<seed>`. */
  id: string;
  /** Position in the plan, 0-based. */
  index: number;
  /** `Cell.id`. */
  cell: string;
  seed: number;
}

/** What a sweep file resolves to: everything that will run. */
export interface SweepPlan {
  /** Version of this format. */
  version: 1;
  name: string;
  /** SHA-256 (hex) of the canonical JSON of cells and seeds. */
  hash: string;
  axes: Axis[];
  seeds: number[];
  cells: Cell[];
  trials: PlannedTrial[];
}
