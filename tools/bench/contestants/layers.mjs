/**
 * The layers engine, `LayersModel.trainOnBatch`: one trial per worker thread, or a single one with all of TensorFlow's
 * threads.
 */
import { trainInThreads } from './threads.mjs';

await trainInThreads('layers');
