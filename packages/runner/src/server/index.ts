export { DEFAULT_LIMITS, type LiveLimits } from './live-limits.ts';
export { LIVE_PATH, type LiveServer, type LiveServerOptions, startLiveServer } from './live-server.ts';
export type { SweepSource } from './sweep-source.ts';
