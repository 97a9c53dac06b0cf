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
  select, button.plain {
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
  label.field { display: inline-flex; align-items: center; gap: 6px; color: var(--ink-3); font-size: 12px; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
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
  .status.interrupted { color: var(--warn); }
  .status.planned { color: var(--ink-3); }
  .empty { padding: 26px 14px; color: var(--ink-3); text-align: center; }
`;
