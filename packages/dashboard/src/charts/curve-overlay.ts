import type uPlot from 'uplot';
import type { CurveCursor } from './curve-cursor.ts';
import type { Value } from './decimate.ts';
import type { LineStyle } from './line-style.ts';

export interface OverlayScene {
  ys: readonly (readonly Value[])[];
  styles: readonly LineStyle[];
  /** Curves to bring forward. */
  emphasized: readonly number[];
  /** Whether all else steps back behind them. */
  veiled: boolean;
  /** Curves that ended before their last step, and how: their last point is marked. */
  ends: readonly { curve: number; kind: 'diverged' | 'pruned' }[];
  /** Curve and index of the data cursor. */
  cursor: CurveCursor | null;
  background: string;
}

/** How far the overlay reaches beyond the plot, in CSS pixels: lines have a width, also at the edge. */
export const OVERLAY_MARGIN = 4;
/** Opacity of the veil over curves that step back: their course can still be followed, and none competes with a highlighted one. */
const VEIL = 0.66;
/** Points beside the pointer's own that a curve is looked for: at the end of an epoch's gap, or where it has no value. */
const ASIDE = [0, -1, 1, -2, 2, -3, 3] as const;

/**
 * What changes with the pointer, on a canvas of its own over the plot: highlighting by redrawing all lines would take
 * tens of milliseconds for each move of the pointer, this takes less than one.
 */
export function drawOverlay(canvas: HTMLCanvasElement, plot: uPlot, scene: OverlayScene): void {
  const width = plot.over.clientWidth + 2 * OVERLAY_MARGIN;
  const height = plot.over.clientHeight + 2 * OVERLAY_MARGIN;
  const ratio = devicePixelRatio;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext('2d');
  if (context === null || w === 0 || h === 0) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.lineJoin = 'round';
  if (scene.veiled) {
    context.globalAlpha = VEIL;
    context.fillStyle = scene.background;
    context.fillRect(0, 0, width, height);
    context.globalAlpha = 1;
  }
  const at = (i: number, value: number): [number, number] => [
    plot.valToPos(plot.data[0][i]!, 'x') + OVERLAY_MARGIN,
    plot.valToPos(value, 'y') + OVERLAY_MARGIN,
  ];
  for (const curve of scene.emphasized) {
    const path = new Path2D();
    let open = false;
    scene.ys[curve]?.forEach((value, i) => {
      if (value === undefined) return;
      if (value === null) open = false;
      else if (open) path.lineTo(...at(i, value));
      else {
        path.moveTo(...at(i, value));
        open = true;
      }
    });
    const { colour, dash } = scene.styles[curve]!;
    context.strokeStyle = scene.background;
    context.lineWidth = 5;
    context.setLineDash([]);
    context.stroke(path);
    context.strokeStyle = colour;
    context.lineWidth = 2.25;
    context.setLineDash([...dash]);
    context.stroke(path);
  }
  context.setLineDash([]);
  for (const { curve, kind } of scene.ends) {
    const end = lastFinite(scene.ys[curve] ?? []);
    if (end === null) continue;
    const [x, rawY] = at(end, scene.ys[curve]![end]!);
    const y = Math.max(OVERLAY_MARGIN + 5, rawY);
    const mark = new Path2D();
    if (kind === 'diverged') {
      mark.moveTo(x - 4, y - 4);
      mark.lineTo(x + 4, y + 4);
      mark.moveTo(x - 4, y + 4);
      mark.lineTo(x + 4, y - 4);
    } else {
      // The tick of a censored observation, as survival curves have it.
      mark.moveTo(x, y - 6);
      mark.lineTo(x, y + 6);
      mark.moveTo(x - 4, y);
      mark.lineTo(x + 4, y);
    }
    context.strokeStyle = scene.background;
    context.lineWidth = 5;
    context.stroke(mark);
    context.strokeStyle = scene.styles[curve]!.colour;
    context.lineWidth = 2;
    context.stroke(mark);
  }
  if (scene.cursor !== null) {
    const { curve, index } = scene.cursor;
    const value = scene.ys[curve]?.[index];
    if (value === null || value === undefined) return;
    const [x, y] = at(index, value);
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    context.fillStyle = scene.styles[curve]!.colour;
    context.strokeStyle = scene.background;
    context.lineWidth = 2;
    context.fill();
    context.stroke();
  }
}

function lastFinite(row: readonly Value[]): number | null {
  for (let i = row.length - 1; i >= 0; i--) if (row[i] !== null && row[i] !== undefined) return i;
  return null;
}

/** The curve that passes nearest to a point of the plot, within `reach` pixels. */
export function nearestCurve(
  plot: uPlot,
  ys: readonly (readonly Value[])[],
  index: number,
  top: number,
  reach = 40,
): CurveCursor | null {
  let best: CurveCursor | null = null;
  let distance = reach;
  ys.forEach((row, curve) => {
    const i = ASIDE.map((d) => index + d).find((k) => row[k] !== null && row[k] !== undefined);
    if (i === undefined) return;
    const d = Math.abs(plot.valToPos(row[i]!, 'y') - top);
    if (d < distance) {
      distance = d;
      best = { curve, index: i };
    }
  });
  return best;
}
