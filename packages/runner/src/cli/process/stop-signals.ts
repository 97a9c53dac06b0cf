export interface StopSignals {
  /** The first signal that came. */
  readonly received: NodeJS.Signals | undefined;
  dispose(): void;
}

/** A closed terminal (SIGHUP) stops a sweep as Ctrl-C does: what runs gets its checkpoint's due. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Time that what was stopped gets to end by itself, in ms. */
const PATIENCE_MS = 10_000;

export interface StopHandlers {
  /** Called at the first Ctrl-C, SIGTERM or SIGHUP. */
  first: () => void;
  /** Called at every later one. */
  second: () => void;
  /** Called ten seconds after the first one, where no second has come. */
  overdue?: () => void;
}

/** Listens until it is disposed of. That does not keep the process alive: whoever waits for a signal holds it himself. */
export function onStopSignals({ first, second, overdue }: StopHandlers): StopSignals {
  let received: NodeJS.Signals | undefined;
  let patience: NodeJS.Timeout | undefined;
  const handle = (signal: NodeJS.Signals) => {
    if (signal === 'SIGHUP') endByHangUp();
    const isFirst = received === undefined;
    received ??= signal;
    if (isFirst) {
      if (overdue !== undefined) patience = setTimeout(overdue, PATIENCE_MS).unref();
      first();
    } else {
      clearTimeout(patience);
      second();
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, handle);
  return {
    get received() {
      return received;
    },
    dispose() {
      clearTimeout(patience);
      for (const signal of STOP_SIGNALS) process.off(signal, handle);
    },
  };
}

/**
 * At its exit Node sets the terminal back and aborts with a core dump when that is gone. So once all is done, the signal
 * itself ends the process, which a shell calls 129 as well.
 */
function endByHangUp(): void {
  if (![process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)) return;
  process.once('beforeExit', () => {
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}
