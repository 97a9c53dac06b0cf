import { css } from 'lit';

/** What all components share: boxes, controls, chips, text sizes. */
export const sharedStyles = css`
  :host { display: block; }
  *, *::before, *::after { box-sizing: border-box; }
  h2, h3, p, dl, dd, figure, ul { margin: 0; padding: 0; }
  h2 { font-size: 13px; font-weight: 650; letter-spacing: 0.005em; }
  h3 { font-size: 13px; font-weight: 600; }
  [hidden] { display: none !important; }
  .panel {
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    min-width: 0;
  }
  .head {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 6px 14px;
    padding: 10px 14px;
    min-height: 46px;
  }
  .head .spacer { flex: 1; }
  .sub { color: var(--ink-3); font-size: 12px; }
  .muted { color: var(--ink-3); }
  .mono { font-family: var(--mono); }
  select, input, button.plain {
    font: inherit;
    color: var(--ink);
    background: var(--sunken);
    border: 1px solid var(--line-2);
    border-radius: var(--radius-s);
    padding: 3px 8px;
    min-height: 26px;
    cursor: pointer;
  }
  button.plain { padding: 3px 10px; }
  select:hover, button.plain:hover { border-color: var(--ink-3); }
  button.plain[aria-pressed="true"] {
    background: var(--accent-soft);
    border-color: var(--accent);
    color: var(--accent);
  }
  input { cursor: text; }
  button.plain:disabled, button.plain[aria-disabled="true"], input:disabled, select:disabled { color: var(--ink-3); border-color: var(--line); cursor: default; opacity: 0.7; }
  .reply { color: var(--ink-2); font-size: 12px; overflow-wrap: anywhere; }
  .reply.refused { color: var(--bad); }
  label.field { display: inline-flex; align-items: center; gap: 6px; color: var(--ink-3); font-size: 12px; }
  /* Dashed and in ink: what is selected has a solid ring in the accent colour. */
  :focus-visible { outline: 2px dashed var(--ink); outline-offset: 2px; border-radius: 4px; }
  /* Says that there is more to scroll to; see ScrollEdges. */
  .frame { position: relative; }
  .frame::before, .frame::after {
    content: "";
    position: absolute;
    inset-block: 0;
    width: 28px;
    z-index: 2;
    pointer-events: none;
    opacity: 0;
    transition: opacity 150ms;
  }
  .frame::before { left: 0; background: linear-gradient(to right, light-dark(rgb(16 24 40 / 22%), rgb(0 0 0 / 65%)), transparent); }
  .frame::after { right: 0; background: linear-gradient(to left, light-dark(rgb(16 24 40 / 22%), rgb(0 0 0 / 65%)), transparent); }
  .frame[data-more~="left"]::before, .frame[data-more~="right"]::after { opacity: 1; }
  .sr-only {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .status { display: inline-flex; align-items: center; gap: 5px; white-space: nowrap; vertical-align: bottom; }
  .status svg { width: 13px; height: 13px; flex: none; }
  .status.done { color: var(--ok); }
  .status.running, .status.leased { color: var(--accent); }
  .status.diverged, .status.failed { color: var(--bad); }
  .status.pruned { color: var(--pruned); }
  .status.interrupted { color: var(--warn); }
  .status.planned, .status.cancelled { color: var(--ink-3); }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { transition: none !important; animation: none !important; }
  }
  .empty { padding: 26px 14px; color: var(--ink-3); text-align: center; }
`;
