import type { ControlReply } from '@l2bn/core/sweep';
import { html, nothing, type TemplateResult } from 'lit';

/** The server's answer to a command, in its own words. The element is there before it has any, or it would not be read out. */
export const controlReply = (reply: ControlReply | null): TemplateResult =>
  html`<output class="reply ${reply?.ok === false ? 'refused' : ''}">${reply === null ? nothing : `${reply.ok ? '✓' : '✕'} ${reply.text}`}</output>`;
