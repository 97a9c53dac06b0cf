import { css } from 'lit';

export const topBarStyles = css`
  :host { position: sticky; top: 0; z-index: 10; }
  .bar {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 6px 16px;
    padding: 8px 20px;
    min-height: 52px;
    background: color-mix(in srgb, var(--panel) 92%, transparent);
    backdrop-filter: blur(10px);
    border-bottom: 1px solid var(--line);
  }
  .brand { display: inline-flex; align-items: center; gap: 9px; font-size: 15px; font-weight: 650; min-width: 0; }
  .brand svg { width: 20px; height: 20px; flex: none; }
  .brand .sweep { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .brand .product { color: var(--ink-3); font-weight: 500; }
  .phase { display: inline-flex; align-items: center; gap: 6px; font-weight: 600; }
  .phase i { width: 8px; height: 8px; border-radius: 50%; background: var(--ink-3); }
  .phase.running i { background: var(--accent); }
  .phase.finished i { background: var(--ok); }
  .phase.stopping i, .phase.stopped i, .phase.paused i { background: var(--warn); }
  .progress { display: inline-flex; align-items: center; gap: 10px; color: var(--ink-2); white-space: nowrap; }
  .progress b { font-weight: 650; color: var(--ink); }
  .track { display: flex; width: clamp(90px, 14vw, 200px); height: 7px; border-radius: 4px; overflow: hidden; background: var(--grid); }
  .track i { height: 100%; transition: width 300ms; }
  .track .done { background: var(--ok); }
  .track .pruned { background: var(--pruned); }
  .track .cancelled { background: var(--ink-3); }
  .track .bad { background: var(--bad); }
  .track .part { background: color-mix(in srgb, var(--accent) 70%, transparent); }
  .progress .trouble { color: var(--warn); font-weight: 600; }
  .right { display: inline-flex; align-items: center; gap: 6px 16px; margin-left: auto; }
  nav { display: flex; gap: 2px; }
  nav a { color: var(--ink-2); text-decoration: none; padding: 4px 9px; border-radius: var(--radius-s); }
  nav a:hover { background: var(--grid); color: var(--ink); }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    padding: 3px 10px;
    border-radius: 99px;
    border: 1px solid var(--line-2);
    white-space: nowrap;
    font-size: 12px;
  }
  .chip i { width: 8px; height: 8px; border-radius: 50%; border: 2px solid currentColor; }
  .chip.ok { color: var(--ok); }
  .chip.ok i { background: currentColor; }
  .chip.busy { color: var(--accent); }
  .chip.warn { color: var(--warn); border-style: dashed; border-color: currentColor; }
  .chip.bad { color: var(--bad); border-color: currentColor; }
  .chip.bad i { border-radius: 1px; transform: rotate(45deg); }
  .icon {
    display: grid;
    place-content: center;
    width: 30px;
    height: 30px;
    padding: 0;
    color: var(--ink-2);
    background: none;
    border: 1px solid transparent;
    border-radius: var(--radius-s);
    cursor: pointer;
  }
  .icon:hover { border-color: var(--line-2); color: var(--ink); }
  .icon svg { width: 17px; height: 17px; }
  @media (prefers-reduced-motion: no-preference) {
    .phase.running i { animation: beat 2s ease-in-out infinite; }
    @keyframes beat { 50% { opacity: 0.35; } }
  }
  @media (max-width: 760px) {
    .bar { padding: 8px 12px; gap: 6px 12px; }
    nav { display: none; }
    .progress { order: 3; width: 100%; flex-wrap: wrap; gap: 4px 10px; }
    .track { flex: 1; min-width: 80px; }
  }
`;
