import type uPlot from 'uplot';
import { formatCount } from '../wording/format.ts';
import type { LineStyle } from './line-style.ts';
import { logTickLabels, tickLabels } from './ticks.ts';

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
  const axis = { stroke: ink, font: FONT, grid: { stroke: grid, width: 1 }, ticks: { show: false }, gap: GAP };
  const width = byStep && styles.length > MANY ? 1 : 1.4;
  const dotted = !byStep && styles.length <= MOST_DOTTED;
  return {
    ...size,
    padding: [PADDING, halfOfLastLabel, 0, 0],
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
      {
        ...axis,
        size: labelWidth,
        values: (_, splits, __, ___, step) => (log ? logTickLabels(splits) : tickLabels(splits, step)),
      },
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

/** Least width of the y axis: with most numbers both charts have it, and so the same drawing area. */
const LEAST_WIDTH = 44;
const GAP = 6;
/** Least room above and beside the drawing area: half of a label of the other axis, and the curves' own width. */
const PADDING = 10;

/** Room for the longest label of the y axis, in CSS pixels. */
function labelWidth(plot: uPlot, values: readonly string[] | null): number {
  const longest = Math.max(0, ...widthsOf(plot, values ?? []));
  return Math.max(LEAST_WIDTH, Math.ceil(longest) + GAP + 4);
}

/** Room right of the drawing area for a label below its very end, in CSS pixels. */
function halfOfLastLabel(plot: uPlot): number {
  const [width = 0] = widthsOf(plot, [formatCount(Math.round(plot.scales.x?.max ?? 0))]);
  return Math.max(PADDING, Math.ceil(width / 2) + 2);
}

function widthsOf({ ctx }: uPlot, labels: readonly string[]): number[] {
  ctx.save();
  ctx.font = FONT;
  const widths = labels.map((label) => ctx.measureText(label).width);
  ctx.restore();
  return widths;
}
