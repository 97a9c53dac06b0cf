import type { TrialStatus } from '@l2bn/core/sweep';
import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import { statusName } from '../wording/ending.ts';

const SHAPES: Record<TrialStatus, SVGTemplateResult> = {
  planned: svg`<circle cx="8" cy="8" r="5.5" stroke-dasharray="2.2 2.1" />`,
  leased: svg`<circle cx="8" cy="8" r="5.5" /><path d="M8 5v3.2l2 1.3" />`,
  running: svg`<path d="M5.5 3.6v8.8l7-4.4z" fill="currentColor" />`,
  interrupted: svg`<path d="M5.6 4v8M10.4 4v8" stroke-width="2.2" />`,
  done: svg`<path d="M3 8.6l3.3 3.2L13 4.8" stroke-width="2" />`,
  diverged: svg`<path d="M4 4l8 8M12 4l-8 8" stroke-width="2" />`,
  pruned: svg`<circle cx="4.4" cy="11.6" r="2" /><circle cx="11.6" cy="11.6" r="2" /><path d="M5.6 10L12 2.6M10.4 10L4 2.6" />`,
  cancelled: svg`<circle cx="8" cy="8" r="5.5" /><path d="M4.2 11.8l7.6-7.6" />`,
  failed: svg`<path d="M8 2.2L14.4 13.4H1.6z" /><path d="M8 6.4v3.3M8 11.4v.4" />`,
};

/** The sign of a state. Never alone: its name stands beside it, on screen or for a screen reader. */
export const statusIcon = (status: TrialStatus): TemplateResult => html`<svg
  viewBox="0 0 16 16"
  fill="none"
  stroke="currentColor"
  stroke-width="1.5"
  stroke-linecap="round"
  stroke-linejoin="round"
  aria-hidden="true"
>
  ${SHAPES[status]}
</svg>`;

/** Sign and name of a state. */
export const statusLabel = (status: TrialStatus, text: string = statusName(status)): TemplateResult =>
  html`<span class="status ${status}">${statusIcon(status)}${text}</span>`;
