import { css } from 'lit';

export const gridMapStyles = css`
  .scroll { overflow-x: auto; padding: 0 14px 4px; scrollbar-width: thin; }
  table {
    /* A digit's width is more than most letters have. */
    --names: max(84px, var(--part-letters) * 0.95ch);
    --least: max(58px, var(--column-letters) * 1ch);
    border-collapse: separate;
    border-spacing: 4px;
    width: 100%;
    table-layout: fixed;
    min-width: calc(var(--names) + 14px + var(--columns) * var(--least));
  }
  col.names { width: var(--names); }
  col.break { width: 14px; }
  th { font-weight: 500; color: var(--ink-2); font-size: 12px; padding: 0; }
  th[scope="col"] { text-align: center; padding-bottom: 1px; }
  th[scope="row"] { text-align: left; line-height: 1.25; overflow-wrap: break-word; position: sticky; left: 0; z-index: 1; background: var(--panel); }
  .part { display: inline-block; max-width: 100%; }
  .part.whole { white-space: nowrap; }
  th[scope="col"] span { white-space: nowrap; }
  td { padding: 0; height: 1px; }
  td[role="gridcell"] { outline-offset: 2px; border-radius: var(--radius-s); }
  td[aria-selected] { cursor: pointer; }
  .axis svg { display: block; width: 100%; height: 20px; }
  .axis line { stroke: var(--line-2); stroke-width: 1; vector-effect: non-scaling-stroke; }
  .axis .tick { stroke: var(--ink-3); }
  th.axis-name { color: var(--ink-3); font-size: 12px; text-align: left; vertical-align: bottom; padding-bottom: 2px; }
  .break { color: var(--ink-3); text-align: center; }

  .cell {
    position: relative;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 1px;
    min-height: 62px;
    height: 100%;
    padding: 6px 4px;
    border-radius: var(--radius-s);
    overflow: hidden;
    border: 1px solid transparent;
    transition: background-color 300ms;
    container-type: inline-size;
  }
  .cell.filled { background: var(--fill); color: var(--on-fill); }
  .cell.blank { background: var(--sunken); border-color: var(--line); color: var(--ink-3); }
  .cell.planned.blank { border-style: dashed; border-color: var(--line-2); background: none; }
  .cell.failed.blank, .cell.diverged.blank { color: var(--bad); border-color: currentColor; }
  .cell.pruned.blank { color: var(--pruned); border-color: currentColor; border-style: dashed; background: var(--pruned-soft); }
  .cell.diverged.blank {
    background: repeating-linear-gradient(135deg, transparent 0 5px, var(--bad-soft) 5px 8px);
  }
  .number { font-size: 16px; font-weight: 600; letter-spacing: -0.01em; line-height: 1.25; }
  .so-far .number { font-weight: 500; font-style: italic; }
  .note { display: inline-flex; align-items: center; gap: 3px; font-size: 11px; line-height: 1.3; min-height: 14px; white-space: nowrap; }
  .note svg { width: 11px; height: 11px; flex: none; }
  .note .long { display: none; }
  @container (min-width: 74px) {
    .note .word { display: inline; }
    .note .word + .short { display: none; }
  }
  @container (min-width: 96px) {
    .note .phrase { display: inline; }
    .note .phrase + .short { display: none; }
  }
  @container (min-width: 118px) {
    .note .long { display: inline; }
    .note .short { display: none; }
  }
  .progress { position: absolute; inset: auto 0 0 0; height: 4px; background: rgb(127 127 127 / 35%); }
  .progress i { display: block; height: 100%; background: currentColor; transition: width 200ms linear; }
  .seeds { display: flex; gap: 2px; width: calc(100% - 4px); margin-top: 3px; }
  .seed {
    position: relative;
    flex: 1;
    height: 8px;
    border-radius: 2px;
    overflow: hidden;
    background: rgb(127 127 127 / 18%);
    /* In the ink of the cell, which is readable on its colour: a bar of the cell's own colour would vanish in it. */
    box-shadow: inset 0 0 0 1px color-mix(in srgb, currentColor 75%, transparent);
  }
  .seed i { display: block; height: 100%; box-shadow: inset 0 0 0 1px color-mix(in srgb, currentColor 75%, transparent); border-radius: 2px; }
  .seed.planned { box-shadow: inset 0 0 0 1px var(--line); background: none; }
  .seed.diverged { background: repeating-linear-gradient(135deg, #b3261e 0 2px, #fff 2px 4px); }
  .seed.pruned { background: repeating-linear-gradient(45deg, #6a48a8 0 2px, #fff 2px 5px); }
  .seed.cancelled { background: none; box-shadow: inset 0 0 0 1px var(--line-2); }
  .seed.failed { background: repeating-linear-gradient(90deg, #b3261e 0 3px, #000 3px 5px); }

  td[aria-selected="true"] .cell { box-shadow: 0 0 0 2px var(--panel), 0 0 0 4px var(--accent); }
  td.hovered .cell, td[role="gridcell"]:hover .cell { box-shadow: 0 0 0 2px var(--ink-3); }
  td[aria-selected="true"]:hover .cell { box-shadow: 0 0 0 2px var(--panel), 0 0 0 4px var(--accent); }
  td.best .note::before { content: "★"; }
  td.none { color: var(--line-2); text-align: center; }

  .contrast th { color: var(--ink-3); }
  .contrast td { height: 26px; text-align: center; color: var(--ink-2); font-size: 12px; vertical-align: middle; }
  .contrast .bar { display: block; height: 3px; margin: 1px auto 0; position: relative; width: 100%; background: var(--grid); border-radius: 2px; }
  .contrast .bar i { position: absolute; top: 0; height: 100%; border-radius: 2px; background: var(--ink-3); }

  .legend { display: flex; align-items: center; flex-wrap: wrap; gap: 4px 16px; padding: 4px 18px 12px; font-size: 12px; color: var(--ink-3); }
  .ramp { display: inline-flex; align-items: center; gap: 7px; }
  .ramp i { width: 120px; height: 9px; border-radius: 3px; }
  .legend .status { color: var(--ink-3); gap: 4px; }
  .legend i.so-far { color: var(--ink-2); }
  .readout { padding: 2px 18px 0; min-height: 20px; color: var(--ink-2); font-size: 12px; overflow-wrap: anywhere; }

  /* Many columns: a heat map. What a cell holds is in the line below, in its tooltip and in its name. */
  .dense { --least: 13px; border-spacing: 2px 4px; }
  .dense th[scope="col"] { vertical-align: bottom; font-size: 10.5px; line-height: 1; color: var(--ink-3); }
  .dense th[scope="col"] span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); }
  .dense .cell { min-height: 46px; padding: 0; border-radius: 3px; justify-content: flex-end; }
  .dense .number, .dense .note span { display: none; }
  .dense .note { min-height: 0; }
  .dense .note svg { width: 9px; height: 9px; }
  .dense td.best .note::before { font-size: 9px; }
  .dense .seeds { gap: 1px; width: 100%; border-top: 1px solid color-mix(in srgb, currentColor 60%, transparent); }
  .dense .seed { border-radius: 0; box-shadow: none; height: 7px; }
  .dense .seed i { border-radius: 0; box-shadow: none; }
  .dense .contrast .amount { display: none; }
  .dense .contrast td { height: 12px; }

  @media (prefers-reduced-motion: no-preference) {
    .note.active svg { animation: pulse 1.6s ease-in-out infinite; }
    @keyframes pulse { 50% { opacity: 0.3; } }
  }
  /* The colours carry numbers that are also written out; without them the map would be blank. */
  @media (forced-colors: active) {
    .cell.filled, .seed, .seed i, .ramp i { forced-color-adjust: none; }
  }
  @media (max-width: 640px) {
    .scroll { padding-inline: 8px; }
    table { --names: max(46px, var(--piece-letters) * 0.86ch); --least: max(51px, var(--column-letters) * 0.86ch); border-spacing: 3px; }
    col.break { width: 8px; }
    th { font-size: 11px; }
    .cell { padding-inline: 1px; }
    .number { font-size: 14px; }
    .note { font-size: 10.5px; gap: 2px; }
    .contrast td { font-size: 11px; }
  }
`;
