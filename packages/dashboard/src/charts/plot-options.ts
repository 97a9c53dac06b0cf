import { formatNumber } from '@l2bn/core/sweep';
import type uPlot from 'uplot';
import { formatCount } from '../store/format.ts';
import type { LineStyle } from './line-style.ts';

export interface PlotSettings {
  size: { width: number; height: number };
  styles: readonly LineStyle[];
  /** A point every step, else one every epoch. */
  byStep: boolean;
  log: boolean;
  range(): [number, number];
  /** Colours of the axis labels and of the grid lines. */
  ink: string;
  grid: string;
}

const FONT =
  '11px -apple-system, "Segoe UI", "Noto Sans", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif';
/** Up to that many lines carry a dot at every epoch. */
const MOST_DOTTED = 24;
/** From that many noisy lines on, thin ones are easier to follow. */
const MANY = 12;

/** How a chart of curves is drawn: no legend, no zoom, no highlighting of uPlot's own. */
export function plotOptions({ size, styles, byStep, log, range, ink, grid }: PlotSettings): uPlot.Options {
  const axis = { stroke: ink, font: FONT, grid: { stroke: grid, width: 1 }, ticks: { show: false }, gap: 6 };
  const width = byStep && styles.length > MANY ? 1 : 1.4;
  const dotted = !byStep && styles.length <= MOST_DOTTED;
  return {
    ...size,
    padding: [10, 10, 0, 0],
    legend: { show: false },
    cursor: { points: { show: false }, drag: { x: false, y: false }, y: false },
    scales: {
      x: { time: false, range: (_, low, high) => [Math.min(0, low), Math.max(high, 1)] },
      y: { distr: log ? 3 : 1, range },
    },
    axes: [
      {
        ...axis,
        size: 28,
        values: (_, splits) => splits.map((step) => (Number.isInteger(step) ? formatCount(step) : '')),
      },
      { ...axis, size: 44, values: (_, splits, __, ___, step) => splits.map((v) => tick(v, log ? null : step)) },
    ],
    series: [
      {},
      ...styles.map(({ colour, dash }) => ({
        stroke: colour,
        width,
        dash: [...dash],
        spanGaps: false,
        points: { show: dotted, size: 4, fill: colour, width: 0 },
      })),
    ],
  };
}

/** A tick of the y axis: all with the decimals that their distance needs; on a logarithmic axis each by itself. */
function tick(value: number | null, step: number | null): string {
  if (value === null) return '';
  if (step === null) return formatNumber(value);
  return value.toFixed(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
}
