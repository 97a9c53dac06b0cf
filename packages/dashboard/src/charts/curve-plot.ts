import './browser-language.ts';

import type { SweepPlan, SweepState, TrialState } from '@l2bn/core/sweep';
import uPlot from 'uplot';
import { currentTheme } from '../app/theme.ts';
import type { Metric } from '../store/metrics.ts';
import type { Selection } from '../store/selection.ts';
import { coincidingCurves, notable } from './coincidence.ts';
import { type CurveCursor, nearestPoint } from './curve-cursor.ts';
import { CurveLayers, type LayerScene } from './curve-layers.ts';
import { curveNotes } from './curve-notes.ts';
import { nearestCurve } from './curve-overlay.ts';
import { type CurveSet, curveSet } from './curve-set.ts';
import { type LineStyle, lineStyles } from './line-style.ts';
import { plotOptions } from './plot-options.ts';
import { yRange } from './y-range.ts';

/** Least width and height of a chart in CSS pixels, also while its place has none. */
const LEAST_SIZE = 120;

/** What a chart shows. */
export interface CurveView {
  state: SweepState;
  /** The trials that have a line, in plan order. */
  trials: readonly TrialState[];
  /** Trials that the legend hides. */
  hidden: number;
  /** Trials of the view whose curves are still to come. */
  awaited: number;
  metric: Metric;
  log: boolean;
  /** In steps; 0 where nothing is smoothed. */
  halfLife: number;
  selection: Selection;
}

export interface CurvePlotEvents {
  /** The pointer is at a point of a curve; `null` when it is near none. A chart that is built anew says both again. */
  pointed(cursor: CurveCursor | null): void;
  /** Data were drawn: what to say under the chart, and whether there was any. */
  drawn(notes: string, isEmpty: boolean): void;
}

/** A uPlot of many curves with its layers, built anew only when its lines, its scale or the theme change. */
export class CurvePlot {
  /** Curves and values as drawn; rows are those of `trials`. */
  set: CurveSet = { xs: [], ys: [], bucket: 1, drawn: 0, points: 0, zeros: 0 };
  /** The point that is marked. */
  cursor: CurveCursor | null = null;
  private readonly host: HTMLElement;
  private readonly events: CurvePlotEvents;
  private readonly sizes = new ResizeObserver(() => this.fit());
  private view: CurveView | null = null;
  private plot: uPlot | null = null;
  private layers: CurveLayers | null = null;
  /** Where the cursor was, while the chart is built anew: rows and columns are others then. */
  private held: { trial: string; step: number } | null = null;
  private builtFor: { plan: SweepPlan; key: string } | null = null;
  private styles: LineStyle[] = [];
  private range: [number, number] = [0, 1];
  private coinciding: number[][] = [];

  constructor(host: HTMLElement, events: CurvePlotEvents) {
    this.host = host;
    this.events = events;
    this.sizes.observe(host);
  }

  get trials(): readonly TrialState[] {
    return this.view?.trials ?? [];
  }

  show(view: CurveView): void {
    const held = this.cursorPlace();
    this.view = view;
    const { state, metric, log, trials } = view;
    const key = [metric.key, log, currentTheme(), devicePixelRatio, trials.map(({ index }) => index)].join();
    if (this.builtFor?.plan !== state.plan || this.builtFor.key !== key) {
      this.builtFor = { plan: state.plan, key };
      this.held = held ?? this.held;
      this.build(view);
    }
    this.refresh(view);
  }

  drawSelected(): void {
    if (this.view !== null) this.layers?.drawSelected(this.scene(this.view));
  }

  drawPointed(): void {
    if (this.view !== null) this.layers?.drawPointed(this.scene(this.view));
  }

  /** Where a point of a curve is, in CSS pixels from the corner of the host. */
  placeOf({ curve, index }: CurveCursor): { x: number; y: number } | null {
    const [x, y] = [this.set.xs[index], this.set.ys[curve]?.[index]];
    const { plot } = this;
    if (plot === null || x === undefined || y === null || y === undefined) return null;
    return { x: plot.valToPos(x, 'x') + plot.over.offsetLeft, y: plot.valToPos(y, 'y') + plot.over.offsetTop };
  }

  /** The trials whose curves lie on each other, with that of a row; none when it lies alone. */
  groupOf(row: number): readonly TrialState[] {
    const group = this.coinciding.find((curves) => curves.includes(row)) ?? [];
    return group.map((curve) => this.trials[curve]!);
  }

  destroy(): void {
    this.sizes.disconnect();
    this.clear();
  }

  private build({ state: { plan }, trials, metric, log }: CurveView): void {
    this.clear();
    const token = tokens(this.host);
    const cells = new Map(plan.cells.map((cell) => [cell.id, cell]));
    const styleOf = lineStyles(plan, token('--ink'), currentTheme() === 'dark');
    this.styles = trials.map(({ cell }) => styleOf.of(cells.get(cell)!));
    const options = plotOptions({
      size: this.size(),
      styles: this.styles,
      byStep: metric.curve !== null,
      log,
      range: () => this.range,
      ink: token('--ink-3'),
      grid: token('--grid'),
    });
    const draw = () => {
      this.drawSelected();
      this.drawPointed();
    };
    options.hooks = {
      draw: [draw],
      setCursor: [(plot) => this.onCursor(plot)],
      // Not before: only then are there scales to place a tip by, and the new plot has said that no pointer is over it.
      ready: [(plot) => this.restoreCursor(plot)],
    };
    this.plot = new uPlot(options, [[], ...this.styles.map(() => [])], this.host);
    this.layers = new CurveLayers(this.plot);
  }

  private clear(): void {
    this.plot?.destroy();
    this.plot = null;
    this.layers = null;
    if (this.cursor !== null) this.events.pointed(null);
  }

  private refresh({ state, trials, metric, log, halfLife, hidden, awaited }: CurveView): void {
    const { plot } = this;
    if (plot === null) return;
    this.set = curveSet(trials, metric, { pixels: plot.over.clientWidth || this.size().width, halfLife, log });
    const { low, high, offScale } = yRange(this.set.ys, { log, share: metric.key.endsWith('Accuracy') });
    this.range = [low, high];
    const height = plot.over.clientHeight || this.size().height;
    this.coinciding = coincidingCurves(this.set.xs, this.set.ys, { low, high, log, height });
    plot.setData([this.set.xs, ...this.set.ys] as uPlot.AlignedData);
    const notes = curveNotes(this.set, {
      trials,
      total: state.trials.length,
      hidden,
      awaited,
      offScale,
      halfLife: metric.curve === null ? 0 : halfLife,
      coinciding: notable(this.coinciding, (curve) => trials[curve]?.cell ?? ''),
    });
    this.events.drawn(notes, this.set.drawn === 0);
  }

  private size(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.host;
    return { width: Math.max(LEAST_SIZE, clientWidth), height: Math.max(LEAST_SIZE, clientHeight) };
  }

  private fit(): void {
    const { plot, view } = this;
    if (plot === null || view === null) return;
    const size = this.size();
    if (size.width === plot.width && size.height === plot.height) return;
    plot.setSize(size);
    this.refresh(view);
  }

  private scene({ selection }: CurveView): LayerScene {
    const background = tokens(this.host)('--panel');
    return { ys: this.set.ys, styles: this.styles, trials: this.trials, selection, cursor: this.cursor, background };
  }

  private cursorPlace(): { trial: string; step: number } | null {
    const trial = this.trials[this.cursor?.curve ?? -1]?.id;
    const step = this.set.xs[this.cursor?.index ?? -1];
    return trial === undefined || step === undefined ? null : { trial, step };
  }

  private restoreCursor(plot: uPlot): void {
    const { held } = this;
    if (held === null || plot !== this.plot) return;
    this.held = null;
    const curve = this.trials.findIndex(({ id }) => id === held.trial);
    this.events.pointed(nearestPoint(this.set, curve, held.step));
  }

  private onCursor(plot: uPlot): void {
    const { idx, top } = plot.cursor;
    const outside = idx === null || idx === undefined || top === undefined || top < 0;
    this.events.pointed(outside ? null : nearestCurve(plot, this.set.ys, idx, top));
  }
}

/** Reads resolved design tokens. */
function tokens(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name).trim();
}
