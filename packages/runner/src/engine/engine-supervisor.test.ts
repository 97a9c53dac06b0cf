import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepEvent } from '@l2bn/core/sweep';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { planOf } from '../fixtures/plans.ts';
import { type HostScript, scriptedHost } from '../fixtures/scripted-host.ts';
import { Coordinator, type CoordinatorOptions } from '../schedule/coordinator.ts';
import { EngineSupervisor } from './engine-supervisor.ts';
import type { Ticker } from './hang-detector.ts';
import type { HangRecord } from './hang-file.ts';

/** A sweep of that many trials on hosts in processes of their own. */
function sweepOn(
  script: HostScript,
  { trials, ticker, ...options }: { trials: number; ticker?: Ticker } & Partial<CoordinatorOptions>,
) {
  const folder = temporaryFolder();
  const hostEntry = scriptedHost(script);
  let engine!: EngineSupervisor;
  const coordinator = new Coordinator({
    plan: planOf({ name: 'x', seeds: trials }),
    folder,
    baseDirectory: folder,
    workers: 1,
    retries: 0,
    ...options,
    createEngine: (own, events) => {
      engine = new EngineSupervisor({ ...own, hostEntry, ...(ticker === undefined ? {} : { ticker }) }, events);
      return engine;
    },
  });
  onTestFinished(() => coordinator.close());
  const recorded = () => coordinator.eventsAfter(0, -1).map(({ event }) => event);
  return {
    coordinator,
    engine,
    folder,
    recorded,
    done: () => coordinator.state.counts.done,
    /** Why hosts were started again. */
    restarts: () => recorded().flatMap((event) => restartIn(event)),
    attempts: () => coordinator.state.trials.map(({ attempt }) => attempt),
  };
}

const restartIn = (event: SweepEvent): string[] =>
  event.type === 'phase' ? (/again \((.*)\)/s.exec(event.detail ?? '')?.slice(1) ?? []) : [];

const GROWN = 'it had grown too large';

it('gives a host no work from the moment that it is killed', async () => {
  const sweep = sweepOn({}, { trials: 2 });
  sweep.coordinator.on('events', (events) => {
    if (!events.some(({ event }) => event.type === 'done') || sweep.restarts().length > 0) return;
    expect(sweep.engine.takesWork).toBe(true);
    sweep.engine.kill();
    expect(sweep.engine.takesWork).toBe(false);
  });
  expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
  expect(sweep.restarts()).toEqual(['signal SIGKILL']);
  expect(sweep.attempts()).toEqual([1, 1]);
});

describe('a host whose trials leak', () => {
  it('is renewed between two of them, and no trial notices', async () => {
    const sweep = sweepOn({ memory: '({ ended }) => GIB + ended * GIB' }, { trials: 9 });
    expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
    expect(sweep.restarts()).toEqual([GROWN, GROWN]);
    expect(sweep.attempts()).toEqual(Array(9).fill(1));
  });
});

describe('a host is not renewed', () => {
  it.each([
    ['for its data sets, however large', '({ running }) => (40 + running) * GIB', { trials: 4, workers: 2 }],
    ['for the garbage of loading them', '({ running, ended }) => (running + ended > 0 ? 9 : 40) * GIB', { trials: 4 }],
    ['for a network larger than any that is known', '({ running }) => (1 + 30 * running) * GIB', { trials: 4 }],
    ['at once again for what it needs', '({ running, ended }) => (1 + 6 * Math.min(ended, 1)) * GIB', { trials: 6 }],
  ])('%s', async (_, memory, options) => {
    const sweep = sweepOn({ memory }, options);
    expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
    expect(sweep.restarts()).toEqual([]);
    expect(sweep.done()).toBe(options.trials);
  });

  it('for the trials of workers that a user has added', async () => {
    const sweep = sweepOn(
      { memory: '({ running }) => (1 + 2.5 * running) * GIB', together: '(ended) => (ended === 0 ? 1 : 8)' },
      { trials: 17, maxWorkers: 8 },
    );
    sweep.coordinator.on('events', (events) => {
      if (events.some(({ event }) => event.type === 'done') && sweep.done() === 1) {
        sweep.coordinator.control({ do: 'workers', count: 8 });
      }
    });
    expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
    expect(sweep.restarts()).toEqual([]);
    expect(sweep.done()).toBe(17);
  });
});

it('has threads in every host for as many workers as a user may ask for', async () => {
  const file = join(temporaryFolder(), 'prepared');
  const sweep = sweepOn(
    {
      memory: '({ ended }) => GIB + ended * GIB',
      first: `(message) => {
        if (message.type === 'prepare') fs.appendFileSync(${JSON.stringify(file)}, message.workers + ' ');
      }`,
    },
    { trials: 9, workers: 1, maxWorkers: 3 },
  );
  expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
  expect(sweep.restarts()).toEqual([GROWN, GROWN]);
  expect(readFileSync(file, 'utf8')).toBe('3 3 3 ');
});

describe('a host that sends what is no message', () => {
  /** Once in the life of the folder that the host keeps its mark in. */
  const once = (deed: string) => `(message) => {
    if (message.type !== 'run') return;
    const mark = new URL('./mark', import.meta.url);
    if (fs.existsSync(mark)) return;
    fs.writeFileSync(mark, '');
    ${deed}
  }`;

  it.each([
    ['a number', 'process.send(5)', '5'],
    ['null', 'process.send(null)', 'null'],
    ['an unknown type', "process.send({ type: 'hello' })", '"hello"'],
    ['a health without a number', "process.send({ type: 'health', memory: '?' })", '"memory":"?"'],
    ['a huge one', "process.send({ type: 'event', event: 'x'.repeat(1e6) })", '"event":"xxx'],
  ])('(%s) is killed and its trials are tried again', async (_, deed, shown) => {
    const sweep = sweepOn({ first: once(deed), together: '() => 2' }, { trials: 4, workers: 2 });
    expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
    expect(sweep.done()).toBe(4);
    const [reason, ...more] = sweep.restarts();
    expect(more).toEqual([]);
    expect(reason).toMatch(/^it sent .*, which is no message \(.+\)$/);
    expect(reason).toContain(shown);
    expect(reason?.length).toBeLessThan(500);
    expect(readFileSync(join(sweep.folder, 'engine.log'), 'utf8')).toContain(reason);
  });

  it('before it is ready, again and again, ends the sweep with what it sent', async () => {
    const sweep = sweepOn({ first: "() => process.send('nonsense')" }, { trials: 1 });
    expect(await sweep.coordinator.run()).toEqual({
      status: 'broken',
      reason: expect.stringContaining('it sent "nonsense", which is no message'),
    });
  });
});

describe('a host that says nothing while it prepares', () => {
  /** Sweeps at full speed through the seconds in which nothing is heard; a host that speaks has time to. */
  function preparing(deed: string) {
    const ticks = new Set<() => void>();
    const ticker: Ticker = (tick) => {
      ticks.add(tick);
      return () => ticks.delete(tick);
    };
    const mark = join(temporaryFolder(), 'mark');
    const sweep = sweepOn(
      {
        first: `(message) => {
          if (message.type !== 'prepare') return;
          const isSecond = fs.existsSync('${mark}');
          fs.appendFileSync('${mark}', '.');
          ${deed}
        }`,
      },
      { trials: 2, ticker, hangTimeout: 5 },
    );
    /** Lets `seconds` pass when so many hosts prepare. */
    const pass = async (seconds: number, hosts: number) => {
      await expect.poll(() => existsSync(mark) && readFileSync(mark, 'utf8').length, { timeout: 60_000 }).toBe(hosts);
      for (let second = 0; second < seconds; second++) for (const tick of ticks) tick();
    };
    return { ...sweep, pass };
  }

  it('is killed and started again', async () => {
    const sweep = preparing('while (!isSecond);');
    const outcome = sweep.coordinator.run();
    // Longer than hangTimeout: loading may take that long.
    await sweep.pass(60, 1);
    expect(sweep.restarts()).toEqual([]);
    await sweep.pass(1, 1);
    expect(await outcome).toEqual({ status: 'finished' });
    expect(sweep.restarts()).toEqual(['killed, because it said nothing for 60 s while it loaded data and models']);
    expect(sweep.attempts()).toEqual([1, 1]);
  });

  it('again and again, ends the sweep', async () => {
    const sweep = preparing('while (true);');
    const outcome = sweep.coordinator.run();
    await sweep.pass(61, 1);
    await sweep.pass(61, 2);
    expect(await outcome).toMatchObject({
      status: 'broken',
      reason: expect.stringContaining('said nothing for 60 s while it loaded data and models'),
    });
    expect(sweep.attempts()).toEqual([0, 0]);
  });
});

describe('a host on which a trial hangs', () => {
  /** The first of two trials never ends under the first host, which answers as told when it is asked what it does. */
  function hanging(answer: string) {
    const sweep = sweepOn(
      {
        first: `(message) => {
          if (message.type === 'run') fs.appendFileSync(new URL('./runs', import.meta.url), message.trial + ' ');
          if (message.type === 'report') { ${answer} }
        }`,
        together: "() => (fs.readFileSync(new URL('./runs', import.meta.url), 'utf8').split(' ').length > 2 ? 1 : 2)",
      },
      { trials: 2 },
    );
    const trial = sweep.coordinator.state.trials[0]!.id;
    const file = `hangs/${trial}-attempt1.json`;
    const killed = `killed, because ${trial} said nothing for 5 s`;
    return {
      ...sweep,
      trial,
      file,
      killed,
      record: () => JSON.parse(readFileSync(join(sweep.folder, file), 'utf8')) as HangRecord,
      async run() {
        sweep.coordinator.on('events', (events) => {
          if (!events.some(({ event }) => event.type === 'leased' && event.attempt === 1 && event.trial === trial))
            return;
          // As the hang detector does, which waits a second at least.
          sweep.engine.killHung({ trial, attempt: 1, seconds: 5 });
          expect(sweep.engine.takesWork).toBe(false);
          sweep.engine.killHung({ trial: 'another', attempt: 1, seconds: 5 });
        });
        expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
        expect(sweep.attempts()).toEqual([2, 1]);
      },
      reasons: () => sweep.recorded().flatMap((event) => (event.type === 'interrupted' ? [event.reason] : [])),
    };
  }

  it('tells what it does before it is killed; the file is named where the trial is interrupted', async () => {
    const worker = { trial: 't', thread: 3, stack: ['at wait (model.mjs:1:1)'] };
    const message = JSON.stringify({ type: 'report', workers: [worker], node: { header: { threadId: 0 } } });
    const sweep = hanging(`process.send(${message})`);
    await sweep.run();
    const { trial, file, killed } = sweep;
    expect(sweep.reasons()).toEqual([`the engine host ended: ${killed}, see ${file}`]);
    const record = sweep.record();
    expect(record).toMatchObject({
      trial,
      attempt: 1,
      seconds: 5,
      workers: [worker],
      node: { header: { threadId: 0 } },
    });
    expect(record.threads).toEqual(
      process.platform === 'linux'
        ? expect.arrayContaining([
            expect.objectContaining({ name: expect.any(String), cpuSeconds: expect.any(Number) }),
          ])
        : null,
    );
    expect(readdirSync(join(sweep.folder, 'hangs'))).toHaveLength(1);
  });

  it.runIf(process.platform === 'linux')('says which thread the trial has, also where it says no more', async () => {
    const sweep = hanging(
      "process.send({ type: 'threads', threads: [{ trial: message.type + ' 1', id: process.pid }] })",
    );
    await sweep.run();
    const { threads, workers } = sweep.record();
    expect(workers).toBeNull();
    expect(threads!.length).toBeGreaterThan(1);
    expect(threads!.flatMap(({ trial }) => trial ?? [])).toEqual(['report 1']);
  });

  it.runIf(process.platform === 'linux')('that does not answer is killed, and its threads are told', async () => {
    const sweep = hanging('');
    await sweep.run();
    expect(sweep.reasons()).toEqual([`the engine host ended: ${sweep.killed}, see ${sweep.file}`]);
    expect(sweep.record()).toMatchObject({ workers: null, node: null, threads: expect.any(Array) });
    for (const { id, state } of sweep.record().threads!) expect([id > 0, state.length > 1]).toEqual([true, true]);
  });

  it('is killed where nothing can be written', async () => {
    const sweep = hanging("process.send({ type: 'report', workers: [], node: {} })");
    writeFileSync(join(sweep.folder, 'hangs'), 'in the way');
    await sweep.run();
    expect(sweep.reasons()).toEqual([`the engine host ended: ${sweep.killed}`]);
  });

  it('is killed where the file itself cannot be put in its place', async () => {
    const sweep = hanging("process.send({ type: 'report', workers: [], node: {} })");
    mkdirSync(join(sweep.folder, sweep.file), { recursive: true });
    await sweep.run();
    expect(sweep.reasons()).toEqual([`the engine host ended: ${sweep.killed}`]);
    expect(readdirSync(join(sweep.folder, 'hangs'))).toHaveLength(1);
  });

  it('that dies when it is asked is followed by another all the same, and no file is written', async () => {
    const sweep = hanging('process.exit(7)');
    await sweep.run();
    expect(sweep.reasons()).toEqual(['the engine host ended: exit code 7']);
    expect(existsSync(join(sweep.folder, 'hangs'))).toBe(false);
  });
});

it('notices the end of a host whose output something else keeps open', async () => {
  const sweep = sweepOn(
    {
      first: `(message) => {
        const mark = new URL('./mark', import.meta.url);
        if (message.type !== 'run' || fs.existsSync(mark)) return;
        const child = spawn('sleep', ['60'], { stdio: 'inherit', detached: true });
        fs.writeFileSync(mark, '');
        fs.writeSync(1, 'child ' + child.pid);
        process.exit(3);
      }`,
    },
    { trials: 1 },
  );
  expect(await sweep.coordinator.run()).toEqual({ status: 'finished' });
  const [, child] = /child (\d+)/.exec(readFileSync(join(sweep.folder, 'engine.log'), 'utf8'))!;
  // Throws if it is no longer there: then nothing was tested.
  process.kill(Number(child));
  expect(sweep.restarts()).toEqual(['exit code 3']);
});
