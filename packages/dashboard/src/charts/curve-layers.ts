import type { TrialState } from '@l2bn/core/sweep';
import type uPlot from 'uplot';
import type { Selection } from '../store/selection.ts';
import type { CurveCursor } from './curve-cursor.ts';
import { drawOverlay, type OverlayScene } from './curve-overlay.ts';
import type { Value } from './decimate.ts';
import type { LineStyle } from './line-style.ts';

/** What the layers show of a chart; rows of `ys`, `styles` and `trials` belong together. */
export interface LayerScene {
  ys: readonly (readonly Value[])[];
  styles: readonly LineStyle[];
  trials: readonly TrialState[];
  selection: Selection;
  cursor: CurveCursor | null;
  background: string;
}

/**
 * Two canvases over a plot: what is selected, which may be hundreds of curves, and what is under the pointer, which changes
 * sixty times a second.
 */
export class CurveLayers {
  private readonly plot: uPlot;
  private readonly still = overlayCanvas();
  private readonly moving = overlayCanvas();

  constructor(plot: uPlot) {
    this.plot = plot;
    plot.over.append(this.still, this.moving);
  }

  drawSelected(scene: LayerScene): void {
    const emphasized = rows(scene, ({ id }) => scene.selection.has(id));
    this.draw(this.still, scene, { emphasized, veiled: emphasized.length > 0 });
  }

  /** Curves under the pointer, and all that must not lie behind them. */
  drawPointed(scene: LayerScene): void {
    const { trials, selection, cursor } = scene;
    const pointed = rows(scene, ({ id }) => selection.isHovered(id)).filter((row) => row !== cursor?.curve);
    const emphasized = cursor === null ? pointed : [...pointed, cursor.curve];
    this.draw(this.moving, scene, {
      emphasized,
      veiled: emphasized.length > 0 && !trials.some(({ id }) => selection.has(id)),
      ends: trials.flatMap(({ status }, curve) =>
        status === 'diverged' || status === 'pruned' ? [{ curve, kind: status }] : [],
      ),
      cursor,
    });
  }

  private draw(canvas: HTMLCanvasElement, scene: LayerScene, change: Partial<OverlayScene>): void {
    if (this.plot.data[0].length === 0) return;
    const { ys, styles, background } = scene;
    const nothing = { emphasized: [], veiled: false, ends: [], cursor: null };
    drawOverlay(canvas, this.plot, { ys, styles, background, ...nothing, ...change });
  }
}

/** Rows of the trials that `wanted` holds for. */
const rows = ({ trials }: LayerScene, wanted: (trial: TrialState) => boolean): number[] =>
  trials.flatMap((trial, i) => (wanted(trial) ? [i] : []));

function overlayCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.className = 'overlay';
  return canvas;
}
