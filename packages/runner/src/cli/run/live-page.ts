import { createServer } from 'node:http';
import type { Control } from '@l2bn/core/sweep';
import type { Coordinator } from '../../schedule/coordinator.ts';
import { type LiveServer, startLiveServer } from '../../server/index.ts';
import { listen } from '../../server/listen.ts';
import { mixedModelsIn } from '../advice/edited-model.ts';
import { resumeCommand } from '../advice/resume-command.ts';
import { version } from '../version.ts';
import { pageDirectory } from './page-directory.ts';

export interface PageOptions {
  port?: number;
  /** Whoever holds the link may pause, stop, cancel and retry through the page's server. */
  allowControl: boolean;
  control: Control;
  /** Of results. */
  folder: string;
  /** Most trials at the same time that can be asked for. */
  maxWorkers: number;
}

/**
 * Whether the page can be served at the port that was asked for, before anything is made.
 *
 * @throws InputError if not.
 */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  await listen(server, '127.0.0.1', port);
  await new Promise((closed) => server.close(closed));
}

export function servePage(coordinator: Coordinator, options: PageOptions): Promise<LiveServer> {
  const { port, allowControl, control, folder, maxWorkers } = options;
  const mixedModels = mixedModelsIn(folder, coordinator.state).map(({ model, older }) => ({ model, older }));
  return startLiveServer({
    pageDirectory: pageDirectory(),
    version,
    facts: { maxWorkers, resumeCommand: resumeCommand(folder), ...(mixedModels.length > 0 ? { mixedModels } : {}) },
    ...(port === undefined ? {} : { port }),
    ...(allowControl ? { control } : {}),
    source: {
      get state() {
        return coordinator.state;
      },
      subscribe(listener) {
        const forward = (events: Parameters<typeof listener>[0][]) => {
          for (const event of events) listener(event);
        };
        coordinator.on('events', forward);
        return () => coordinator.off('events', forward);
      },
      eventsAfter: (seq, limit) => coordinator.eventsAfter(seq, limit),
    },
  });
}
