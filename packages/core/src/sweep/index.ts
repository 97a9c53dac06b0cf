/** Sweep plan, trial and event types, and the reducer that turns events into state. Pure: runs in a browser. */
export * from '../input-error.ts';
export * from './control.ts';
export {
  type Metrics,
  type PhaseEvent,
  type RecordedEvent,
  type SweepEvent,
  type SweepPhase,
  type TrialEvent,
  type TrialEventOf,
  TrialEventSchema,
  type ValidationSet,
  type WeightsLine,
} from './events.ts';
export { formatValues } from './format-values.ts';
export * from './label.ts';
export * from './live-protocol.ts';
export * from './lookup.ts';
export * from './plan.ts';
export * from './progress.ts';
export * from './reducer.ts';
export { runTimeOf } from './run-time.ts';
export * from './state.ts';
export { DROPPED, STOPPED } from './stop-flag.ts';
export * from './survival.ts';
export * from './trial-config.ts';
