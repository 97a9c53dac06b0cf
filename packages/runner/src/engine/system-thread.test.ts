import { expect, it } from 'vitest';
import { systemThread } from './system-thread.ts';
import { threadStates } from './thread-states.ts';

it.runIf(process.platform === 'linux')(
  'is one of the threads of this process, by the name that the system has',
  async () => {
    expect((await threadStates(process.pid))!.map(({ id }) => id)).toContain(systemThread());
  },
);

it.runIf(process.platform !== 'linux')('is 0 where the system does not tell', () => {
  expect(systemThread()).toBe(0);
});
