import type { TrialState } from '@l2bn/core/sweep';
import type uPlot from 'uplot';
import type { Selection } from '../store/selection.ts';
import { labelled } from './coincidence.ts';
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
  /** Rows of curves that lie on each other. */
  coinciding: readonly number[][];
  cursor: CurveCursor | null;
  background: string;
  ink: string;
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
    const { trials, selection, coinciding, cursor, ys } = scene;
    const pointed = rows(scene, ({ id }) => selection.isHovered(id)).filter((row) => row !== cursor?.curve);
    const emphasized = cursor === null ? pointed : [...pointed, cursor.curve];
    this.draw(this.moving, scene, {
      emphasized,
      veiled: emphasized.length > 0 && !trials.some(({ id }) => selection.has(id)),
      ends: trials.flatMap(({ status }, curve) =>
        status === 'diverged' || status === 'pruned' ? [{ curve, kind: status }] : [],
      ),
      labels: labelled(coinciding, (curve) => trials[curve]?.cell ?? '').map((group) => ({
        curve: longest(ys, group),
        text: `${group.length} curves coincide`,
      })),
      cursor,
    });
  }

  private draw(canvas: HTMLCanvasElement, scene: LayerScene, change: Partial<OverlayScene>): void {
    if (this.plot.data[0].length === 0) return;
    const { ys, styles, background, ink } = scene;
    const nothing = { emphasized: [], veiled: false, ends: [], labels: [], cursor: null };
    drawOverlay(canvas, this.plot, { ys, styles, background, ink, ...nothing, ...change });
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

/** The curve of a group that reaches furthest: where the group's line ends. */
function longest(ys: readonly (readonly Value[])[], group: readonly number[]): number {
  const length = (curve: number) => ys[curve]!.findLastIndex((value) => value !== null && value !== undefined);
  return group.reduce((far, curve) => (length(curve) > length(far) ? curve : far));
}
