/**
 * Plays a recorded sweep through the real server, for looking at the page without training anything.
 *
 *   node tools/demo-server.mjs [article|seeds|pruned|mixed|many|thousands] [--speed 20] [--at 0.5] [--hold] [--port 4180]
 *
 * `--at` starts after that share of the events, `--hold` stays there. Needs `vite build` here and `tsc -b` in runner.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SweepReducer } from '@l2bn/core/sweep';
import { createServer } from 'vite';
import { startLiveServer } from '../../runner/dist/server/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    speed: { type: 'string', default: '20' },
    at: { type: 'string', default: '0' },
    hold: { type: 'boolean', default: false },
    port: { type: 'string', default: '4180' },
  },
});

const root = fileURLToPath(new URL('..', import.meta.url));
const vite = await createServer({ root, server: { middlewareMode: true, hmr: false, ws: false }, appType: 'custom' });
const fixtures = await vite.ssrLoadModule('/src/fixtures/sweeps.ts');
await vite.close();

const sweeps = {
  article: fixtures.articleSweep,
  seeds: fixtures.seedsSweep,
  pruned: fixtures.prunedSweep,
  mixed: fixtures.mixedSweep,
  many: () => fixtures.manySweep(5),
  thousands: () => fixtures.manySweep(50),
};
const sweep = sweeps[positionals[0] ?? 'article']();
// The recording ends now, so that running times are those of a sweep that runs now.
const position = Math.round(sweep.events.length * Number(values.at));
const shift = Date.now() - sweep.events[Math.max(0, position - 1)].at;
const events = sweep.events.map((event) => ({ ...event, at: event.at + shift }));
const reducer = new SweepReducer(fixtures.stateAfter({ plan: sweep.plan, events }, Number(values.at)));
const listeners = new Set();
const server = await startLiveServer({
  source: {
    state: reducer.state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    eventsAfter: (seq, limit) => events.slice(seq, seq + limit),
  },
  pageDirectory: fileURLToPath(new URL('../dist/page', import.meta.url)),
  port: Number(values.port),
  version: '0.1.0',
});
console.log(server.link);

if (!values.hold) {
  const begin = Date.now();
  let next = position;
  const play = setInterval(() => {
    const clock = begin + (Date.now() - begin) * Number(values.speed);
    for (; next < events.length && events[next].at <= clock; next++) {
      const event = { ...events[next], at: Date.now() };
      reducer.apply(event);
      for (const listener of listeners) listener(event);
    }
    if (next === events.length) clearInterval(play);
  }, 40);
}
process.on('SIGINT', () => server.close().then(() => process.exit(0)));
