import { css } from 'lit';
import { OVERLAY_MARGIN } from './curve-overlay.ts';

export const curvesStyles = css`
  :host { position: relative; }
  .plot { position: relative; height: var(--plot-height, 250px); cursor: crosshair; border-radius: 4px; }
  .plot:focus-visible { outline-offset: -2px; }
  .uplot .u-over canvas.overlay { position: absolute; inset: ${-OVERLAY_MARGIN}px; width: calc(100% + ${2 * OVERLAY_MARGIN}px); height: calc(100% + ${2 * OVERLAY_MARGIN}px); pointer-events: none; }
  .u-cursor-x { border-color: var(--line-2); }
  .tip {
    position: absolute;
    left: 0;
    top: 0;
    z-index: 3;
    pointer-events: none;
    background: var(--raised);
    border: 1px solid var(--line-2);
    border-radius: var(--radius-s);
    box-shadow: 0 4px 14px rgb(0 0 0 / 16%);
    padding: 4px 8px;
    font-size: 12px;
    white-space: nowrap;
  }
  .tip b { font-weight: 600; }
  .tip { max-width: min(420px, 90%); }
  .tip div { color: var(--ink-2); white-space: normal; }
  .tip span { color: var(--ink-3); }
  .notes { color: var(--ink-3); font-size: 11.5px; padding: 0 4px 0 44px; min-height: 17px; }
  .waiting { position: absolute; inset: 0 0 30px; display: grid; place-content: center; color: var(--ink-3); }
`;
