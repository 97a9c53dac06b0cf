/** Runs l2bn sweeps from code: what the command line does, without the terminal. */
export type { Engine, EngineEvents, EngineOptions } from './engine/engine-supervisor.ts';
export { Ledger, LedgerInUseError } from './ledger/ledger.ts';
export { readEvents, readLedger } from './ledger/read-ledger.ts';
export { buildPlan, type LoadedSweep, loadSweep } from './plan/build-plan.ts';
export type { PruningRule } from './plan/pruning.ts';
export { defineSweep, type SweepFile, type SweepFileInput } from './plan/sweep-file.ts';
export { Coordinator, type CoordinatorOptions } from './schedule/coordinator.ts';
export type { Outcome } from './schedule/sweep-ending.ts';
