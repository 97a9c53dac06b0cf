/**
 * The graph engine: one process, one trial per worker thread, as an engine host runs them.
 */
import { trainInThreads } from './threads.mjs';

await trainInThreads('graph');
