import { html, svg, type TemplateResult } from 'lit';
import { formatValue } from '../wording/format.ts';
import type { Value } from './decimate.ts';

export interface MiniLine {
  values: readonly Value[];
  /** Class of the line, for its colour. */
  kind: 'value' | 'measured' | 'ghost';
  colour?: string;
}

export interface MiniChartOptions {
  label: string;
  xs: readonly number[];
  lines: readonly MiniLine[];
  log?: boolean;
  width?: number;
  height?: number;
}

const LEFT = 46;
const PAD = 7;
/** Height of a label: nearer ones would lie on each other. */
const LABEL = 11;

/** A small chart of a few short lines, as static SVG. */
export function miniChart({
  label,
  xs,
  lines,
  log = false,
  width = 244,
  height = 96,
}: MiniChartOptions): TemplateResult {
  const usable = (value: Value): value is number => value !== null && value !== undefined && (!log || value > 0);
  const all = lines.flatMap(({ values }) => values.filter(usable));
  const place = log ? Math.log10 : (value: number) => value;
  let [low, high] = all.length === 0 ? [0.1, 1] : [Math.min(...all), Math.max(...all)];
  if (place(high) - place(low) < (log ? 0.02 : 1e-9))
    [low, high] = log ? [low / 1.1, high * 1.1] : [low - 0.1, high + 0.1];
  const [a, b] = [place(low), place(high)];
  const x0 = xs[0] ?? 0;
  const span = Math.max(1, (xs.at(-1) ?? 1) - x0);
  const x = (i: number) => LEFT + ((xs[i]! - x0) / span) * (width - LEFT - PAD);
  const y = (value: number) => height - PAD - ((place(value) - a) / (b - a)) * (height - 2 * PAD);
  const path = (values: readonly Value[]) => {
    let text = '';
    let open = false;
    values.forEach((value, i) => {
      if (usable(value)) {
        text += `${open ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
        open = true;
      } else open = false;
    });
    return text;
  };
  const zero = !log && low < 0 && high > 0 ? y(0) : null;
  const named = zero !== null && zero - PAD > LABEL && height - PAD - zero > LABEL;
  return html`<svg class="mini" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${label}>
    ${svg`<text x=${LEFT - 6} y=${PAD + 4}>${formatValue(high)}</text>
    <text x=${LEFT - 6} y=${height - PAD + 3}>${formatValue(low)}</text>
    ${zero === null ? '' : svg`<line class="zero" x1=${LEFT} x2=${width - PAD} y1=${zero} y2=${zero} />${named ? svg`<text x=${LEFT - 6} y=${zero + 3.5}>0</text>` : ''}`}
    ${lines.map(({ values, kind, colour }) => svg`<path class=${kind} stroke=${colour ?? 'currentColor'} d=${path(values)} />`)}
    ${lines
      .filter(({ kind }) => kind === 'measured')
      .map(({ values, colour }) =>
        values.map((value, i) =>
          usable(value) ? svg`<circle cx=${x(i)} cy=${y(value)} r="2.2" fill=${colour ?? 'currentColor'} />` : '',
        ),
      )}`}
  </svg>`;
}
