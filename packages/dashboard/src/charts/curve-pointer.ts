import type { SweepPlan, TrialState } from '@l2bn/core/sweep';
import type { PageModel } from '../app/page-model.ts';
import type { Metric } from '../store/metrics.ts';
import { formatCount } from '../wording/format.ts';
import { type CurveCursor, walk } from './curve-cursor.ts';
import type { CurvePlot } from './curve-plot.ts';
import { curveSpeech, curveTip } from './curve-tip.ts';

/** Rest of the keyboard after which the point is told, in ms: a held key would keep a screen reader talking. */
const ANNOUNCE_AFTER_MS = 350;
/** Distance of the tooltip from the point beside and above it, from the chart's top, and from its axis, in CSS pixels. */
const TIP = { beside: 14, above: 10, top: 4, bottom: 30 } as const;

/** Rows down and points along that an arrow key leads. */
const STEPS: Readonly<Record<string, readonly [curves: number, points: number]>> = {
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Where the point is told: beside it, and to listeners. */
export interface CurvePointerPlaces {
  host: HTMLElement;
  tip: HTMLElement;
  live: HTMLElement;
}

/** The data cursor of a chart: a point of one curve, moved by pointer or keyboard, told and selected. */
export class CurvePointer {
  private readonly plot: CurvePlot;
  private readonly places: CurvePointerPlaces;
  private readonly shown: () => { model: PageModel; metric: Metric };
  private announceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(plot: CurvePlot, places: CurvePointerPlaces, shown: () => { model: PageModel; metric: Metric }) {
    this.plot = plot;
    this.places = places;
    this.shown = shown;
  }

  moveTo(cursor: CurveCursor | null): void {
    const { plot } = this;
    const before = plot.cursor;
    if (cursor?.curve === before?.curve && cursor?.index === before?.index) return;
    plot.cursor = cursor;
    this.showTip();
    const { selection } = this.shown().model;
    if (cursor?.curve !== before?.curve) selection.hover(this.trial === undefined ? [] : [this.trial.id]);
    plot.drawPointed();
  }

  onClick({ shiftKey, ctrlKey, metaKey }: MouseEvent): void {
    this.choose(shiftKey || ctrlKey || metaKey);
  }

  /** Arrows move along a curve and from curve to curve, Enter selects, Escape leaves. */
  onKey(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (event.key === 'Enter' && this.plot.cursor !== null) this.choose(event.shiftKey);
    else if (event.key === 'Escape') this.moveTo(null);
    else if (step === undefined) return;
    else {
      const cursor = walk(this.plot.set.ys, this.plot.cursor, ...step);
      if (cursor !== null) this.moveTo(cursor);
      this.announce();
    }
    event.preventDefault();
  }

  destroy(): void {
    clearTimeout(this.announceTimer);
  }

  private get trial(): TrialState | undefined {
    const { cursor, trials } = this.plot;
    return cursor === null ? undefined : trials[cursor.curve];
  }

  private get plan(): SweepPlan | undefined {
    return this.shown().model.store.state?.plan;
  }

  private choose(added: boolean): void {
    if (this.trial !== undefined) this.shown().model.selection.choose([this.trial.id], added);
  }

  private showTip(): void {
    const { tip, host } = this.places;
    const { trial, plan } = this;
    const { cursor } = this.plot;
    tip.hidden = trial === undefined;
    if (trial === undefined || cursor === null || plan === undefined) return;
    tip.replaceChildren(...curveTip(plan, trial, this.valueText(cursor), this.plot.groupOf(cursor.curve)));
    const place = this.plot.placeOf(cursor);
    if (place === null) return;
    const { x, y } = place;
    const right = x + TIP.beside;
    const left = right + tip.offsetWidth > host.clientWidth ? x - TIP.beside - tip.offsetWidth : right;
    const above = Math.max(TIP.top, y - tip.offsetHeight - TIP.above);
    const top = Math.min(above, host.clientHeight - tip.offsetHeight - TIP.bottom);
    tip.style.transform = `translate(${Math.max(0, left)}px, ${top}px)`;
  }

  private valueText({ curve, index }: CurveCursor): string {
    const { xs, ys } = this.plot.set;
    return `step ${formatCount(Math.round(xs[index]!))}: ${this.shown().metric.format(ys[curve]![index])}`;
  }

  private announce(): void {
    clearTimeout(this.announceTimer);
    this.announceTimer = setTimeout(() => {
      const { trial, plan } = this;
      const { cursor } = this.plot;
      if (trial === undefined || cursor === null || plan === undefined) return;
      this.places.live.textContent = curveSpeech(plan, trial, this.valueText(cursor), this.plot.groupOf(cursor.curve));
    }, ANNOUNCE_AFTER_MS);
  }
}
