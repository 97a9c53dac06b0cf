import { css } from 'lit';

export const weightsStyles = css`
  article { border-top: 1px solid var(--line); padding: 12px 14px 14px; }
  .title { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 14px; margin-bottom: 4px; }
  .title svg.swatch { width: 22px; height: 8px; flex: none; }
  .title h3 { font-size: 14px; }
  .title .factor { color: var(--ink-3); font-size: 12px; }
  .story { color: var(--ink-2); margin-bottom: 10px; max-width: 110ch; }
  .story b { font-weight: 650; color: var(--ink); }
  /* Charts stand beside the numbers where these fit whole, whatever the width of the font, else in a row above them. */
  .body { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: flex-start; }
  .charts { flex: 1 1 244px; display: flex; flex-wrap: wrap; gap: 0 12px; }
  figure { margin-bottom: 4px; }
  figcaption { font-size: 11.5px; color: var(--ink-3); padding-left: 46px; }
  .mini { display: block; max-width: 100%; overflow: visible; color: var(--ink-2); }
  .mini path { fill: none; }
  .mini path.value { stroke-width: 1; opacity: 0.75; }
  .mini path.measured { stroke-width: 1.8; }
  .mini path.ghost { stroke: var(--ink-3); stroke-dasharray: 3 3; stroke-width: 1.4; }
  .mini line.zero { stroke: var(--line-2); stroke-dasharray: 1 2; }
  .mini text { fill: var(--ink-3); font-size: 10px; text-anchor: end; font-family: var(--font); }
  .frame { flex: 999 1 auto; min-width: 0; max-width: 100%; }
  .scroll { overflow-x: auto; scrollbar-width: thin; }
  table { border-collapse: separate; border-spacing: 0; font-size: 11.5px; }
  th, td { padding: 2.5px 4px; text-align: right; white-space: nowrap; }
  th { color: var(--ink-3); font-weight: 500; border-bottom: 1px solid var(--line); }
  td { font-size: 11.5px; font-variant-numeric: tabular-nums; }
  tbody tr:hover td, tbody tr:hover th { background: var(--sunken); }
  tbody th { position: sticky; left: 0; background: var(--panel); border: 0; color: var(--ink-2); }
  thead th:first-child { position: sticky; left: 0; background: var(--panel); z-index: 1; }
  td.first, th.first { border-left: 1px solid var(--line); }
  td.tiny { color: var(--ink-3); }
  sub { font-size: 9px; }
`;
