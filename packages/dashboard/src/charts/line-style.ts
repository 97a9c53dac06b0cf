import type { AxisValue, Cell, SweepPlan } from '@l2bn/core/sweep';
import { chooseX } from '../store/arrangement.ts';
import { axisValue } from '../wording/format.ts';
import { settingColour } from './palette.ts';

export interface LineStyle {
  colour: string;
  /** Canvas dash pattern; empty for a solid line. */
  dash: readonly number[];
}

export interface LegendEntry {
  value: AxisValue;
  label: string;
  style: LineStyle;
}

/** How the lines of a plan look, and what to say about it. */
export interface LineStyles {
  of(cell: Cell): LineStyle;
  /** Key and entries of the axis that colour stands for. */
  colours: { key: string; entries: LegendEntry[] } | null;
  /** The same of the axis that solid and dashed stand for. */
  dashes: { key: string; entries: LegendEntry[] } | null;
  /** Keys of the axes that no look stands for: curves that differ in these alone look the same. */
  unseen: readonly string[];
}

const DASHED = [5, 3.5] as const;

/**
 * Colour by the ordered axis, with an exact 0 in `ink` (the control is no step of the scale); solid and dashed by
 * Batch Normalization, or by the first other axis with two values.
 */
export function lineStyles(plan: SweepPlan, ink: string, dark: boolean): LineStyles {
  const x = chooseX(plan);
  const pair =
    plan.axes.find((axis) => axis.key === 'batchNorm' && axis !== x) ??
    plan.axes.find((axis) => axis.values.length === 2 && axis !== x);
  const scaled = x?.values.filter((value) => value !== 0) ?? [];
  const colourOf = (value: AxisValue | undefined): string =>
    value === 0 || value === undefined ? ink : settingColour(scaled.indexOf(value), scaled.length, dark);
  const dashOf = (value: AxisValue | undefined): readonly number[] => {
    if (pair === undefined || value === undefined) return [];
    return value === (pair.scale === 'boolean' ? true : pair.values[0]) ? [] : DASHED;
  };
  return {
    unseen: plan.axes.filter((axis) => axis !== x && axis !== pair && axis.values.length > 1).map(({ key }) => key),
    of: ({ values }) => ({
      colour: x === null ? colourOf(undefined) : colourOf(values[x.key]),
      dash: pair === undefined ? [] : dashOf(values[pair.key]),
    }),
    colours:
      x === null
        ? null
        : {
            key: x.key,
            entries: x.values.map((value) => ({
              value,
              label: axisValue(x.key, value),
              style: { colour: colourOf(value), dash: [] },
            })),
          },
    dashes:
      pair === undefined
        ? null
        : {
            key: pair.key,
            entries: pair.values.map((value) => ({
              value,
              label: axisValue(pair.key, value),
              style: { colour: ink, dash: dashOf(value) },
            })),
          },
  };
}
