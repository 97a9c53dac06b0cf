export interface StopSignals {
  /** The first signal that came. */
  readonly received: NodeJS.Signals | undefined;
  dispose(): void;
}

/** A closed terminal (SIGHUP) stops a sweep as Ctrl-C does: what runs gets its checkpoint's due. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `first` at the first Ctrl-C, SIGTERM or SIGHUP and `second` at every later one. That does not keep the process alive:
 * whoever waits for a signal holds it himself.
 */
export function onStopSignals({ first, second }: { first: () => void; second: () => void }): StopSignals {
  let received: NodeJS.Signals | undefined;
  const handle = (signal: NodeJS.Signals) => {
    if (signal === 'SIGHUP') endByHangUp();
    const isFirst = received === undefined;
    received ??= signal;
    if (isFirst) first();
    else second();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, handle);
  return {
    get received() {
      return received;
    },
    dispose() {
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
