import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Snapshot } from '@l2bn/core/sweep';
import type { SweepSource } from './sweep-source.ts';
import { snapshotState } from './thin-state.ts';

const compress = promisify(gzip);

/**
 * Makes the body of `GET /api/snapshot`. The state is serialised in one go, so that it is the state at one `seq`;
 * compression runs on zlib's threads. Pages that come at the same time (all of them, after a restart) share one body.
 */
export class SnapshotBody {
  private readonly boot: string;
  private readonly source: SweepSource;
  private readonly limit: number;
  private readonly inWork = new Map<string, Promise<Buffer>>();

  /** @param limit bytes of courses; of more, those of finished trials are left out */
  constructor(boot: string, source: SweepSource, limit: number) {
    this.boot = boot;
    this.source = source;
    this.limit = limit;
  }

  /** JSON of a `Snapshot`, compressed or not. */
  render(zipped: boolean): Promise<Buffer> {
    const key = `${this.source.state.seq} ${zipped}`;
    let body = this.inWork.get(key);
    if (body === undefined) {
      body = this.make(zipped).finally(() => this.inWork.delete(key));
      this.inWork.set(key, body);
    }
    return body;
  }

  private async make(zipped: boolean): Promise<Buffer> {
    const { boot, limit, source } = this;
    const snapshot: Snapshot = { boot, ...snapshotState(source.state, limit) };
    const json = Buffer.from(JSON.stringify(snapshot));
    // Level 1: a state of curves shrinks to nearly the same size, several times sooner.
    return zipped ? await compress(json, { level: constants.Z_BEST_SPEED }) : json;
  }
}
