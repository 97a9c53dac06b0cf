import { cellLabel } from '@l2bn/core/sweep';
import { html, nothing, type TemplateResult } from 'lit';
import type { MapModel } from '../store/map-model.ts';
import type { Selection } from '../store/selection.ts';
import { axisName, axisValue } from '../wording/format.ts';
import { decayNote, strengthNote } from '../wording/strength-note.ts';
import { axisRow } from './map-axis.ts';
import { cellContent, cellDescription } from './map-cell.ts';
import { contrastRow } from './map-contrast.ts';
import { lettersOf, rowName } from './row-name.ts';

/** From more columns than that on, cells show their colour only. */
const DENSE = 20;

/** What the map shows of the user: what is selected and pointed at, and where the keyboard is. */
export interface MapFocus {
  selection: Selection;
  /** The cell that Tab leads to. */
  row: number;
  column: number;
}

/** Whether cells are too narrow for their numbers. */
export const isDense = ({ layout }: MapModel): boolean => layout.columns.length > DENSE;

/** Head and rows of the map. Every cell has its place in `data-at`, see `placeOf`. */
export function mapTable(model: MapModel, focus: MapFocus): TemplateResult {
  const { axis } = model;
  const { x, columns, rows } = model.layout;
  const zero = axis?.zero === true;
  return html`
    <colgroup>
      <col class="names" />
      ${columns.map((_, i) => html`<col />${zero && i === 0 ? html`<col class="break" />` : nothing}`)}
    </colgroup>
    <thead>
      ${axis === null ? nothing : axisRow(axis, columns.length)}
      <tr>
        <th scope="col" class="axis-name">${x === null ? '' : axisName(x.key)}</th>
        ${columns.map(
          (value, i) =>
            html`<th scope="col" title=${columnNote(model, i)}><span>${x === null ? '' : axisValue(x.key, value)}</span></th>
              ${zero && i === 0 ? html`<td class="break" aria-hidden="true">‖</td>` : nothing}`,
        )}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ label }, row) =>
          html`<tr>
            <th scope="row" aria-label=${label}>${rowName(label)}</th>
            ${columns.map(
              (_, column) =>
                html`${mapCell(model, focus, row, column)}
                ${zero && column === 0 ? html`<td aria-hidden="true"></td>` : nothing}`,
            )}
          </tr>`,
      )}
      ${contrastRow(model, focus.row === rows.length ? focus.column : null)}
    </tbody>
  `;
}

/** How wide names and columns have to be, as custom properties of the table. */
export function mapMeasures({ layout: { x, columns, rows } }: MapModel): Record<string, string> {
  const letters = lettersOf(rows.map(({ label }) => label));
  const names = columns.map((value) => (x === null ? '' : axisValue(x.key, value)));
  return {
    '--columns': `${columns.length}`,
    '--part-letters': `${letters.part}`,
    '--piece-letters': `${letters.piece}`,
    '--column-letters': `${Math.max(1, ...names.map(({ length }) => length))}`,
  };
}

/** What the cell under the pointer or with the focus holds. */
export function mapReadout(model: MapModel, pointed: readonly [row: number, column: number] | null): TemplateResult {
  const text = pointed === null ? null : describe(model, ...pointed);
  return html`<p class="readout" aria-hidden="true">${text ?? 'Point at a cell to read it.'}</p>`;
}

/** Row and column of the cell that an event is in. */
export function placeOf(event: Event): [row: number, column: number] | null {
  const at = (event.target as Element).closest<HTMLElement>('[data-at]')?.dataset.at;
  if (at === undefined) return null;
  const [row, column] = at.split(',').map(Number);
  return [row!, column!];
}

function mapCell(model: MapModel, focus: MapFocus, row: number, column: number): TemplateResult {
  const { layout, summaries, best } = model;
  const cell = layout.cellAt(row, column);
  const summary = summaries[row]?.[column] ?? null;
  const tab = row === focus.row && column === focus.column ? 0 : -1;
  const at = `${row},${column}`;
  if (cell === undefined || summary === null) {
    return html`<td role="gridcell" class="none" tabindex=${tab} data-at=${at} aria-label="not in the plan"></td>`;
  }
  const { selection } = focus;
  const selected = summary.trials.some(({ id }) => selection.has(id));
  const hovered = summary.trials.some(({ id }) => selection.isHovered(id));
  const isBest = best !== null && summary.value === best && !summary.provisional;
  const description = `${describe(model, row, column)}${isBest ? '; best' : ''}`;
  const decay = decayNote(cell.config);
  return html`<td
    role="gridcell"
    class="${hovered ? 'hovered' : ''} ${isBest ? 'best' : ''}"
    tabindex=${tab}
    data-at=${at}
    aria-selected=${selected ? 'true' : 'false'}
    aria-label=${description}
  >
    ${cellContent(summary, model, decay === '' ? description : `${description}\nthe penalty alone: ${decay}`)}
  </td>`;
}

/** All that a cell shows, in words; `null` where there is none. */
function describe({ plan, layout, summaries, metric }: MapModel, row: number, column: number): string | null {
  const cell = layout.cellAt(row, column);
  const summary = summaries[row]?.[column] ?? null;
  return cell === undefined || summary === null ? null : cellDescription(cellLabel(plan, cell), summary, metric);
}

/** What a value of the axis across means, where that is not plain. */
function columnNote({ layout: { x, columns, rows, cellAt } }: MapModel, column: number): string {
  const value = columns[column];
  if (x?.key !== 'l2' || typeof value !== 'number') return '';
  return strengthNote(
    value,
    rows.flatMap((_, row) => cellAt(row, column)?.config ?? []),
  );
}
