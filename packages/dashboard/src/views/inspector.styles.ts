import { css } from 'lit';

export const inspectorStyles = css`
  .body { padding: 0 14px 14px; display: grid; gap: 10px; }
  h3 { font-size: 15px; overflow-wrap: anywhere; }
  .line { display: flex; flex-wrap: wrap; gap: 2px 10px; }
  .track { height: 5px; border-radius: 3px; background: var(--grid); overflow: hidden; margin-top: -4px; }
  .track i { display: block; height: 100%; background: var(--accent); transition: width 200ms linear; }
  .track i.done { background: var(--ok); }
  .track i.failed, .track i.diverged { background: var(--bad); }
  .choices { display: grid; max-height: 152px; overflow: auto; border-block: 1px solid var(--line); margin-bottom: 12px; }
  .choices button {
    display: flex; justify-content: space-between; gap: 10px; font: inherit; text-align: left; color: var(--ink-2);
    background: none; border: 0; padding: 4px 14px; cursor: pointer;
  }
  .choices button:hover { background: var(--sunken); }
  .choices button[aria-pressed="true"] { background: var(--accent-soft); color: var(--ink); font-weight: 600; }
  .choices button:focus-visible { outline-offset: -2px; }
  .metrics { display: grid; grid-template-columns: 1fr 1fr; gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: var(--radius-s); overflow: hidden; }
  .metrics div { background: var(--panel); padding: 6px 10px; }
  .metrics dt { color: var(--ink-3); font-size: 11.5px; }
  .metrics dd { font-size: 16px; font-weight: 600; letter-spacing: -0.01em; }
  .facts { display: grid; gap: 3px; font-size: 12.5px; }
  .facts div { display: flex; justify-content: space-between; gap: 14px; }
  .facts dt { color: var(--ink-3); white-space: nowrap; }
  .facts dd { text-align: right; overflow-wrap: anywhere; }
  .facts .mono { font-size: 11.5px; }
  .swept { border-top: 1px solid var(--line); padding-top: 10px; }
  .swept dd { font-weight: 600; }
  details { border-top: 1px solid var(--line); padding-top: 8px; }
  details .facts { padding-top: 8px; }
  summary { cursor: pointer; color: var(--ink-2); font-size: 12.5px; }
  .trouble { background: var(--bad-soft); border-radius: var(--radius-s); padding: 8px 10px; }
  .trouble b { color: var(--bad); }
  .trouble.pruned { background: var(--pruned-soft); }
  .trouble.pruned b { color: var(--pruned); }
  .control { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; }
  .track i.pruned { background: var(--pruned); }
  .track i.cancelled { background: var(--ink-3); }
  .choices p { padding: 4px 14px; }
  .trouble.mild { background: var(--warn-soft); }
  .trouble.mild b { color: var(--warn); }
  .trouble p { overflow-wrap: anywhere; }
  .trouble details { border: 0; }
  pre { font: 11px/1.45 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0 0; max-height: 180px; overflow: auto; }
`;
