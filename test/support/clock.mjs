/**
 * Loaded before a program (`--import`), it moves the program's wall clock by as many ms as the file `L2BN_TEST_CLOCK` says at
 * that moment. Timers and `performance.now` are not moved: when a machine's clock is set, its monotonic clock goes on.
 */
import { readFileSync } from 'node:fs';

const file = process.env.L2BN_TEST_CLOCK;
const RealDate = Date;
const now = () => RealDate.now() + Number(readFileSync(file, 'utf8'));

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});
