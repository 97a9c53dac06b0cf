export interface StopSignals {
  /** The first signal that came. */
  readonly received: NodeJS.Signals | undefined;
  dispose(): void;
  /** Nothing to do: signal handlers do not keep a process alive, so whoever waits on one holds the process himself. */
  unref(): void;
}

/** Calls `first` at the first Ctrl-C or SIGTERM and `second` at every later one. */
export function onStopSignals({ first, second }: { first: () => void; second: () => void }): StopSignals {
  let received: NodeJS.Signals | undefined;
  const handle = (signal: NodeJS.Signals) => {
    const isFirst = received === undefined;
    received ??= signal;
    if (isFirst) first();
    else second();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    get received() {
      return received;
    },
    dispose() {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
    unref() {},
  };
}
